//! One person at one browser.

use std::path::Path;
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

use super::SOON;
use super::axe::{AXE, Finding, RUN};
use super::commands::{Console, DevTools};
use super::requests::Requests;
use crate::harness::waiting::poll;

/// A browser's window. What is not there in time fails the test, with the page's text. Selectors are CSS.
pub struct Session {
    runtime: Runtime,
    client: Client,
}

impl Session {
    pub(super) fn open(driver: u16, binary: &Path, profile: &Path, requests: &Requests) -> Self {
        let arguments = [
            "--headless=new".to_owned(),
            // As root it does not start with one; what it shows comes from the program under test.
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-default-apps".to_owned(),
            "--disable-features=OptimizationHints,MediaRouter,Translate".to_owned(),
            "--hide-scrollbars".to_owned(),
            "--window-size=1280,900".to_owned(),
            format!("--user-data-dir={}", profile.display()),
            format!("--proxy-server=127.0.0.1:{}", requests.port()),
            "--proxy-bypass-list=<-loopback>".to_owned(),
        ];
        let wanted = json!({
            "goog:loggingPrefs": {"browser": "ALL"},
            // A page's question before it is left must not stop a test.
            "unhandledPromptBehavior": "accept",
            "goog:chromeOptions": {"binary": binary, "args": arguments},
        });
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let client = runtime.block_on(async {
            let mut builder = ClientBuilder::native();
            builder.capabilities(wanted.as_object().unwrap().clone());
            builder.connect(&format!("http://127.0.0.1:{driver}")).await
        });
        Self { client: client.unwrap(), runtime }
    }

    /// Goes to an address and waits for the page.
    pub fn open_page(&self, address: &str) {
        self.done(self.client.goto(address));
    }

    /// Where it is.
    pub fn address(&self) -> String {
        self.done(self.client.current_url()).into()
    }

    /// The page's title.
    pub fn title(&self) -> String {
        self.done(self.client.title())
    }

    /// All that can be read on the page, or in the frame that was entered.
    pub fn page_text(&self) -> String {
        self.text("body")
    }

    /// What can be read in the first such element, waiting for it.
    pub fn text(&self, selector: &str) -> String {
        let element = self.element(selector);
        self.done(element.text())
    }

    /// What can be read in each of them, without waiting; what is hidden reads as nothing.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        self.elements(selector).into_iter().map(|element| self.done(element.text())).collect()
    }

    /// How many there are now.
    pub fn count(&self, selector: &str) -> usize {
        self.elements(selector).len()
    }

    /// Whether one can be seen now.
    pub fn sees(&self, selector: &str) -> bool {
        self.elements(selector).into_iter().any(|element| self.done(element.is_displayed()))
    }

    /// An attribute of the first such element, waiting for the element.
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let element = self.element(selector);
        self.done(element.attr(name))
    }

    /// Clicks on the first such element, waiting for it.
    pub fn click(&self, selector: &str) {
        let element = self.element(selector);
        self.done(element.click());
    }

    /// Clicks on the link or button with just these words.
    pub fn click_words(&self, words: &str) {
        let path = format!("//*[self::a or self::button or self::summary][normalize-space(.)='{words}']");
        let found = poll(SOON, || self.run(self.client.find(Locator::XPath(&path))).ok());
        let element = found.unwrap_or_else(|| self.fail(&format!("a link or button »{words}«")));
        self.done(element.click());
    }

    /// Writes into an empty field.
    pub fn fill(&self, selector: &str, text: &str) {
        let element = self.element(selector);
        self.done(element.clear());
        self.done(element.send_keys(text));
    }

    /// Chooses from a list by the value.
    pub fn choose(&self, selector: &str, value: &str) {
        let element = self.element(selector);
        self.done(element.select_by_value(value));
    }

    /// Waits until this can be seen.
    pub fn wait_for(&self, selector: &str) {
        self.element(selector);
    }

    /// Waits until the page says this.
    pub fn wait_for_text(&self, wanted: &str) {
        let found = poll(SOON, || {
            let body = self.run(self.client.find(Locator::Css("body"))).ok()?;
            self.run(body.text()).ok()?.contains(wanted).then_some(())
        });
        found.unwrap_or_else(|| self.fail(&format!("»{wanted}«")));
    }

    /// Waits until the address begins like this.
    pub fn wait_for_address(&self, wanted: &str) {
        let found = poll(SOON, || self.address().starts_with(wanted).then_some(()));
        found.unwrap_or_else(|| self.fail(&format!("the address {wanted}")));
    }

    /// What a script gives back (`return ...`), in the page or the frame entered.
    pub fn script(&self, script: &str) -> Value {
        self.done(self.client.execute(script, Vec::new()))
    }

    /// Does something inside of a frame.
    pub fn in_frame<T>(&self, selector: &str, act: impl FnOnce(&Self) -> T) -> T {
        let frame = self.element(selector);
        self.done(frame.enter_frame());
        let result = act(self);
        self.done(self.client.enter_parent_frame());
        result
    }

    /// What axe finds on the page.
    pub fn findings(&self) -> Vec<Finding> {
        self.done(self.client.execute(AXE, Vec::new()));
        Finding::read(&self.done(self.client.execute_async(RUN, Vec::new())))
    }

    /// The serious ones.
    pub fn serious_findings(&self) -> Vec<String> {
        self.findings().iter().filter(|finding| finding.is_serious()).map(ToString::to_string).collect()
    }

    /// What pages wrote to their consoles since the last call; there the browser says what it blocked.
    pub fn console(&self) -> Vec<String> {
        let lines = self.done(self.client.issue_cmd(Console));
        lines.as_array().unwrap().iter().map(|line| line["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// A window of this size, in CSS pixels; below 500 px width it is a telephone's.
    pub fn size(&self, width: u32, height: u32) {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500});
        self.dev_tools("Emulation.setDeviceMetricsOverride", metrics);
    }

    /// How wide the page is beyond the window, in pixels: what one would have to scroll sideways.
    pub fn overhang(&self) -> i64 {
        let script = "const page = document.scrollingElement; return page.scrollWidth - page.clientWidth;";
        self.script(script).as_i64().unwrap()
    }

    /// As a reader's system that is set to dark, or to light.
    pub fn dark(&self, is_dark: bool) {
        let value = if is_dark { "dark" } else { "light" };
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": value}]});
        self.dev_tools("Emulation.setEmulatedMedia", features);
    }

    /// Whether scripts of pages run.
    pub fn scripts(&self, run: bool) {
        self.dev_tools("Emulation.setScriptExecutionDisabled", json!({"value": !run}));
    }

    /// Becomes somebody who was never here.
    pub fn forget_cookies(&self) {
        self.dev_tools("Network.clearBrowserCookies", json!({}));
    }

    /// The names of all cookies, with what protects them.
    pub fn cookies(&self) -> Vec<Value> {
        self.dev_tools("Network.getAllCookies", json!({}))["cookies"].as_array().unwrap().clone()
    }

    /// The window as a picture, PNG.
    pub fn picture(&self) -> Vec<u8> {
        self.done(self.client.screenshot())
    }

    /// How many windows and tabs there are.
    pub fn windows(&self) -> usize {
        self.done(self.client.windows()).len()
    }

    fn dev_tools(&self, name: &'static str, parameters: Value) -> Value {
        self.done(self.client.issue_cmd(DevTools(name, parameters)))
    }

    fn elements(&self, selector: &str) -> Vec<Element> {
        self.done(self.client.find_all(Locator::Css(selector)))
    }

    fn element(&self, selector: &str) -> Element {
        let found = poll(SOON, || self.run(self.client.find(Locator::Css(selector))).ok());
        found.unwrap_or_else(|| self.fail(selector))
    }

    fn fail(&self, wanted: &str) -> ! {
        panic!("waited {SOON:?} in vain for {wanted} at {}:\n{}", self.address(), self.page_text_now())
    }

    fn page_text_now(&self) -> String {
        self.script("return document.body ? document.body.innerText : ''").as_str().unwrap_or_default().to_owned()
    }

    fn run<T>(&self, command: impl Future<Output = T>) -> T {
        self.runtime.block_on(async { tokio::time::timeout(SOON, command).await.expect("chromedriver answers") })
    }

    fn done<T>(&self, command: impl Future<Output = Result<T, CmdError>>) -> T {
        self.run(command).unwrap_or_else(|error| panic!("the browser cannot do it: {error}"))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Also in the middle of a failing test; what does not end by itself ends with chromedriver.
        let closing = self.client.clone().close();
        let _ = self.runtime.block_on(async { tokio::time::timeout(Duration::from_secs(5), closing).await });
    }
}
