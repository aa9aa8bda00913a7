//! The months by language, in the forms that mail programs print: nominative, genitive where a date takes it, and
//! abbreviations that are no beginning of the name.

use crate::mail::forward::languages::Language;

/// Per language the months of each quarter, separated by `, `; forms of one month are separated by a blank. Any beginning
/// of at least three letters counts as well.
pub(super) const MONTHS: [(Language, [&str; 4]); 28] = [
    (
        Language::German,
        [
            "januar jänner, februar feber, märz maerz mrz",
            "april, mai, juni",
            "juli, august, september",
            "oktober, november, dezember",
        ],
    ),
    (
        Language::English,
        ["january, february, march", "april, may, june", "july, august, september", "october, november, december"],
    ),
    (
        Language::French,
        [
            "janvier, février fevrier, mars",
            "avril, mai, juin",
            "juillet juil, août aout, septembre",
            "octobre, novembre, décembre decembre",
        ],
    ),
    (
        Language::Spanish,
        [
            "enero, febrero, marzo",
            "abril, mayo, junio",
            "julio, agosto, septiembre setiembre sept",
            "octubre, noviembre, diciembre",
        ],
    ),
    (
        Language::Italian,
        [
            "gennaio, febbraio, marzo",
            "aprile, maggio, giugno",
            "luglio, agosto, settembre",
            "ottobre, novembre, dicembre",
        ],
    ),
    (
        Language::Dutch,
        [
            "januari, februari, maart mrt",
            "april, mei, juni",
            "juli, augustus, september",
            "oktober, november, december",
        ],
    ),
    (
        Language::Polish,
        [
            "stycznia styczeń, lutego luty, marca marzec",
            "kwietnia kwiecień, maja maj, czerwca czerwiec",
            "lipca lipiec, sierpnia sierpień, września wrzesień",
            "października październik, listopada listopad, grudnia grudzień",
        ],
    ),
    (
        Language::Portuguese,
        [
            "janeiro, fevereiro, março marco",
            "abril, maio, junho",
            "julho, agosto, setembro",
            "outubro, novembro, dezembro",
        ],
    ),
    (
        Language::Czech,
        [
            "ledna leden, února únor, března březen",
            "dubna duben, května květen, června červen čvn",
            "července červenec čvc, srpna srpen, září",
            "října říjen, listopadu listopad, prosince prosinec",
        ],
    ),
    (
        Language::Slovak,
        [
            "januára január, februára február, marca marec",
            "apríla apríl, mája máj, júna jún",
            "júla júl, augusta august, septembra september",
            "októbra október, novembra november, decembra december",
        ],
    ),
    (
        Language::Hungarian,
        [
            "január, február, március",
            "április, május, június",
            "július, augusztus, szeptember",
            "október, november, december",
        ],
    ),
    (
        Language::Romanian,
        [
            "ianuarie, februarie, martie",
            "aprilie, mai, iunie",
            "iulie, august, septembrie",
            "octombrie, noiembrie, decembrie",
        ],
    ),
    (
        Language::Croatian,
        [
            "siječnja siječanj, veljače veljača, ožujka ožujak",
            "travnja travanj, svibnja svibanj, lipnja lipanj",
            "srpnja srpanj, kolovoza kolovoz, rujna rujan",
            "listopada listopad, studenoga studenog studeni, prosinca prosinac",
        ],
    ),
    (
        Language::Danish,
        ["januar, februar, marts", "april, maj, juni", "juli, august, september", "oktober, november, december"],
    ),
    (
        Language::Norwegian,
        ["januar, februar, mars", "april, mai, juni", "juli, august, september", "oktober, november, desember"],
    ),
    (
        Language::Swedish,
        ["januari, februari, mars", "april, maj, juni", "juli, augusti, september", "oktober, november, december"],
    ),
    (
        Language::Finnish,
        [
            "tammikuuta tammikuu, helmikuuta helmikuu, maaliskuuta maaliskuu",
            "huhtikuuta huhtikuu, toukokuuta toukokuu, kesäkuuta kesäkuu",
            "heinäkuuta heinäkuu, elokuuta elokuu, syyskuuta syyskuu",
            "lokakuuta lokakuu, marraskuuta marraskuu, joulukuuta joulukuu",
        ],
    ),
    (
        Language::Turkish,
        ["ocak, şubat, mart", "nisan, mayıs, haziran", "temmuz, ağustos, eylül", "ekim, kasım, aralık"],
    ),
    (
        Language::Russian,
        [
            "января январь, февраля февраль, марта март",
            "апреля апрель, мая май, июня июнь",
            "июля июль, августа август, сентября сентябрь",
            "октября октябрь, ноября ноябрь, декабря декабрь",
        ],
    ),
    (
        Language::Ukrainian,
        [
            "січня січень, лютого лютий, березня березень",
            "квітня квітень, травня травень, червня червень",
            "липня липень, серпня серпень, вересня вересень",
            "жовтня жовтень, листопада листопад, грудня грудень",
        ],
    ),
    (
        Language::Estonian,
        ["jaanuar, veebruar, märts", "aprill, mai, juuni", "juuli, august, september", "oktoober, november, detsember"],
    ),
    (
        Language::Catalan,
        ["gener, febrer, març", "abril, maig, juny", "juliol, agost ag, setembre", "octubre, novembre, desembre"],
    ),
    (
        Language::Slovenian,
        [
            "januar januarja, februar februarja, marec marca",
            "april aprila, maj maja, junij junija",
            "julij julija, avgust avgusta, september septembra",
            "oktober oktobra, november novembra, december decembra",
        ],
    ),
    (
        Language::Serbian,
        [
            "januar јануар, februar фебруар, mart март",
            "april април, maj мај, jun јун",
            "jul јул, avgust август, septembar септембар",
            "oktobar октобар, novembar новембар, decembar децембар",
        ],
    ),
    (
        Language::Bulgarian,
        ["януари, февруари, март", "април, май, юни", "юли, август, септември", "октомври, ноември, декември"],
    ),
    (
        Language::Greek,
        [
            "ιανουαρίου ιανουάριος, φεβρουαρίου φεβρουάριος, μαρτίου μάρτιος μάρ",
            "απριλίου απρίλιος, μαΐου μάιος μάη, ιουνίου ιούνιος ιούν",
            "ιουλίου ιούλιος ιούλ, αυγούστου αύγουστος αύγ, σεπτεμβρίου σεπτέμβριος",
            "οκτωβρίου οκτώβριος, νοεμβρίου νοέμβριος, δεκεμβρίου δεκέμβριος",
        ],
    ),
    (
        Language::Lithuanian,
        [
            "sausio sausis, vasario vasaris, kovo kovas",
            "balandžio balandis, gegužės gegužė, birželio birželis",
            "liepos liepa, rugpjūčio rugpjūtis, rugsėjo rugsėjis",
            "spalio spalis, lapkričio lapkritis, gruodžio gruodis",
        ],
    ),
    (
        Language::Latvian,
        [
            "janvāris janvārī, februāris februārī, marts martā",
            "aprīlis aprīlī, maijs maijā, jūnijs jūnijā",
            "jūlijs jūlijā, augusts augustā, septembris septembrī",
            "oktobris oktobrī, novembris novembrī, decembris decembrī",
        ],
    ),
];
