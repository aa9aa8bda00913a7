// What makes the pages quicker to use. Everything works without it, too.
"use strict";
