import ConformanceModel
import Testing

@Suite("Errors in scenario files")
struct ScenarioErrorTests {
    @Test("The valid text has none")
    func valid() {
        #expect(ScenarioText.complaint(ScenarioText.valid) == "")
    }

    @Test("An unknown key is told with its line and the nearest known key", arguments: ScenarioSlip.unknownKeys)
    func unknownKey(_ slip: ScenarioSlip) {
        check(slip)
    }

    @Test(
        "An unknown name or word is told with its line and the nearest known one",
        arguments: ScenarioSlip.unknownWords
    )
    func unknownWord(_ slip: ScenarioSlip) {
        check(slip)
    }

    @Test(
        "A value of the wrong kind or form is told with its line and what it should be",
        arguments: ScenarioSlip.wrongValues
    )
    func wrongValue(_ slip: ScenarioSlip) {
        check(slip)
    }

    @Test("Parts that don't fit together are told with their line", arguments: ScenarioSlip.wrongStructure)
    func wrongStructure(_ slip: ScenarioSlip) {
        check(slip)
    }

    @Test("A step or session setting that can't be is told with its line", arguments: ScenarioSlip.steps)
    func step(_ slip: ScenarioSlip) {
        check(slip)
    }

    @Test("An order of steps that makes no sense is told with its line", arguments: ScenarioSlip.stepOrder)
    func stepOrder(_ slip: ScenarioSlip) {
        check(slip)
    }

    @Test("All that is wrong with a file is told at once, in the order of its lines")
    func several() {
        let text = ScenarioText.replacing("ca: true", with: "ca: yes")
            .replacing("clientCAs", with: "clientCas")
        #expect(
            ScenarioText.complaint(text) == """
                scenarios/area/topic.yaml:5: ca of pki entry “root” must be true or false, not “yes”
                scenarios/area/topic.yaml:22: unknown key “clientCas” in server; the nearest known key is “clientCAs”
                """
        )
    }

    @Test("An empty file, and one that is no block, are told as such")
    func empty() {
        #expect(ScenarioText.complaint("") == "scenarios/area/topic.yaml: the file is empty")
        #expect(
            ScenarioText.complaint("- a").hasPrefix(
                "scenarios/area/topic.yaml:1: the scenario must be a block of keys, not a list\n"
            )
        )
    }

    private func check(_ slip: ScenarioSlip) {
        #expect(ScenarioText.valid.contains(slip.old))
        let lines = ScenarioText.complaint(ScenarioText.replacing(slip.old, with: slip.new))
        #expect(lines.replacing("\(ScenarioText.file):", with: "") == slip.complaint)
    }
}
