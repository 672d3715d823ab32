"""Opens the pages of --html in Chromium, without a window, and does with them what a reader does.

Usage: pages_test.py TELLING_MODELS [--without-script]    exits 1 at the first thing that is not as it must be
Needs Debian's chromium, chromium-driver and python3-selenium.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys


class Reader:
    def __init__(self, folder):
        options = Options()
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1280,900"):
            options.add_argument(argument)
        options.binary_location = "/usr/bin/chromium"
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.browser = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.folder = folder

    def open(self, page, fragment=""):
        self.browser.get("about:blank")  # otherwise only the fragment changes, and nothing is loaded
        self.browser.get((self.folder / page).as_uri() + fragment)

    def all(self, selector):
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def visible(self, selector):
        return [element for element in self.all(selector) if element.is_displayed()]

    def text(self, selector):
        return [element.text for element in self.all(selector)]

    def click(self, selector):
        self.browser.find_element(By.CSS_SELECTOR, selector).click()

    def press(self, keys):
        self.browser.find_element(By.TAG_NAME, "body").send_keys(keys)

    def fragment(self):
        return self.browser.current_url.partition("#")[2]

    def style(self, selector, name):
        return self.browser.find_element(By.CSS_SELECTOR, selector).value_of_css_property(name)

    def emulate(self, **media):
        features = [{"name": "prefers-color-scheme", "value": media.pop("scheme", "light")}]
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features, **media})


def expect(what, found, expected):
    if found != expected:
        sys.exit(f"{what}: expected {expected!r}, found {found!r}")


def index_leads_to_every_failure(reader):
    reader.open("index.html")
    expect("the index counts", reader.text("h1"), ["0 of 3 met"])
    expect("the index names the kinds", reader.text(".badge"), ["use_after_free", "data_race", "deadlock"])
    reader.all(".index a")[1].click()
    expect("the headline names both sides and the missing edge", reader.text("h1"), [
        "thread 0 writes item in step 3, and thread 1 reads it in step 7, but nothing orders the two: "
        "step 6 reads what step 4 wrote, but the store is relaxed: it needs release"])


def steps_are_selected(reader):
    reader.click("#step-6 .text")
    expect("a click on a step selects it", reader.fragment(), "step=6")
    expect("its line is marked", [line.split(None, 1)[1] for line in reader.text(".line.here")],
           ["if (ticket == put.load(std::memory_order_acquire)) return false;"])
    expect("its value is marked", reader.text(".chip.here"), ["6 1"])
    expect("its arrow is marked", len(reader.all("#arrows path.reads.here")), 1)
    reader.press("s")
    expect("s goes to the step that it reads from", reader.fragment(), "step=4")
    reader.press("j")
    expect("j goes to the next step", reader.fragment(), "step=5")
    reader.press("k")
    expect("k goes back", reader.fragment(), "step=4")
    reader.press("f")
    expect("f goes to what went wrong", reader.fragment(), "step=3")
    reader.press("f")
    expect("and to its other side", reader.fragment(), "step=7")
    number = reader.text("#step-1 .place")[0].rpartition(":")[2]
    reader.browser.execute_script(f"document.querySelector('.line[data-place$=\":{number}\"]').click()")
    expect("a click on a line selects its step", reader.fragment(), "step=1")
    reader.click(".object[data-object=item] .chip.reads")
    expect("a click on a value selects its step", reader.fragment(), "step=7")


def what_is_shown_can_be_chosen(reader):
    reader.press(Keys.ESCAPE)
    expect("everything is shown at first", len(reader.visible(".row[data-step]")), 7)
    expect("arrows are drawn", sorted(path.get_attribute("class") for path in reader.all("#arrows path[class]")),
           ["missing", "reads"])
    reader.press("r")
    expect("r hides reads-from", [path.get_attribute("class") for path in reader.all("#arrows path[class]")], ["missing"])
    expect("and says so in the address", reader.fragment(), "arrows=orders")
    reader.press("0")
    expect("0 collapses the first lane", len(reader.visible(".row[data-lane='0']")), 0)
    reader.press(Keys.ESCAPE)
    reader.click(".object[data-object=put] > .toggle")
    expect("an object's name leaves only its steps", len(reader.visible(".row[data-step]")), 3)
    reader.press(Keys.ESCAPE)
    reader.press("/")
    reader.browser.switch_to.active_element.send_keys("STORE")
    expect("find leaves what has the word", [row.get_attribute("id") for row in reader.visible(".row[data-step]")], ["step-4"])
    expect("Escape shows everything again", (reader.press(Keys.ESCAPE), len(reader.visible(".row[data-step]")))[1], 7)


def the_address_says_it_all(reader):
    reader.open("2-exhaustive.QueueHandsOver.html", "#step=6&collapsed=0&arrows=orders")
    expect("the step of the address is selected", reader.text(".row.here .number"), ["6"])
    expect("its lane is collapsed", len(reader.visible(".row[data-lane='0']")), 0)
    expect("its arrows are hidden", len(reader.all("#arrows path.reads")), 0)


def other_kinds_have_their_arrows(reader):
    reader.open("3-exhaustive.TransfersGoRound.html")
    expect("each who waits is marked", len(reader.all(".row.failure")), 3)
    expect("and led to from the holder", len(reader.all("#arrows path.held")), 3)
    reader.open("1-exhaustive.LastOneDestroys.html")
    expect("a lifetime shows both sides", reader.text(".row.failure .text"), ["reads text = 7", "destroys text"])
    expect("and what is missing between them", len(reader.all("#arrows path.missing")), 1)
    expect("a counter's values are shown", reader.text(".object[data-object=references] .chip"), ["0 2", "2 2 → 1", "4 1 → 0"])


def what_passes_is_beside_what_fails(reader):
    for engine in ("exhaustive", "relacy"):
        what_passes_is_beside_what_fails_on(engine, reader)


def what_passes_is_beside_what_fails_on(engine, reader):
    reader.open(f"../{engine}/2-{engine}.QueueHandsOver.html")
    said = reader.browser.find_element(By.CSS_SELECTOR, ".difference").get_attribute("textContent")
    expect("the difference is said", re.match("the nearest execution that passes differs first in step [0-9]+: there, thread 1: ", said) is None, False)
    expect("the source is beside it at first", (len(reader.visible("#source")), len(reader.visible("#passing"))), (1, 0))
    reader.press("p")
    expect("p puts the other execution there", (len(reader.visible("#source")), len(reader.visible("#passing"))), (0, 1))
    expect("and the address says so", reader.fragment(), "beside=passing")
    marked = reader.text("#execution .row.differs .number") + reader.text("#passing .row.differs .number")
    expect("both have the step where they part", len(marked), 2)
    expect("which the sentence names", f"step {marked[0]}:" in said, True)
    instead = reader.text("#passing .row.differs .text")[0]
    expect("with what comes instead", said.endswith(instead), True)
    reader.click(".toggle[data-beside=source]")
    expect("the source comes back", (len(reader.visible("#source")), reader.fragment()), (1, ""))


def it_looks_as_the_reader_wants(reader):
    expect("light is light", reader.style("body", "background-color"), "rgba(255, 255, 255, 1)")
    reader.emulate(scheme="dark")
    expect("dark is dark", reader.style("body", "background-color"), "rgba(20, 24, 31, 1)")
    reader.emulate(media="print")
    expect("print has no controls", reader.style(".controls", "display"), "none")
    reader.emulate()
    moving = reader.browser.execute_script(
        "return [...document.querySelectorAll('*')].filter((element) => { const style = getComputedStyle(element);"
        "return style.animationName !== 'none' || style.transitionDuration !== '0s'; }).length")
    expect("nothing moves", moving, 0)


def it_needs_nothing_else(reader):
    loaded = reader.browser.execute_script("return performance.getEntriesByType('resource').map((entry) => entry.name)")
    expect("nothing is loaded", loaded, [])
    expect("nothing is complained of", reader.browser.get_log("browser"), [])


def main(program, *options):
    with tempfile.TemporaryDirectory() as folder:
        for engine in ("exhaustive", "relacy"):
            pages = ["--engine", engine, "--html", f"{folder}/{engine}"]
            ended = subprocess.run([program, *pages], stdout=subprocess.DEVNULL, check=False)
            expect("the models fail", ended.returncode, 1)
        for page in pathlib.Path(folder).glob("*/*.html") if "--without-script" in options else ():
            page.write_text(re.sub(r"<script>.*?</script>", "", page.read_text(), flags=re.DOTALL))
        reader = Reader(pathlib.Path(folder, "exhaustive"))
        try:
            claims = (index_leads_to_every_failure, steps_are_selected, what_is_shown_can_be_chosen, the_address_says_it_all,
                      other_kinds_have_their_arrows, what_passes_is_beside_what_fails, it_looks_as_the_reader_wants, it_needs_nothing_else)
            for claim in claims:
                claim(reader)
        finally:
            reader.browser.quit()
    print(f"pages: {len(claims)} claims hold")


main(*sys.argv[1:])
