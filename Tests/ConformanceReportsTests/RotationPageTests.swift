import ConformanceModel
import ConformanceReports
import Testing

@Suite("Pages on rotations")
struct RotationPageTests {
    private func report(_ change: (inout RotationReport.Step) -> Void = { _ in }) -> RotationReport {
        var step = RotationReport.Step(change: .rename, notice: .whenTold, telling: "signal HUP")
        step.handshakes = 500
        step.oldServed = 3
        step.oldMilliseconds = 12
        step.kept = .closed
        change(&step)
        return RotationReport(stack: "nginx", version: "1.22.1", tls: .tls13, steps: [step])
    }

    @Test("a page has a row and a verdict for each change, and figures stand in the row alone")
    func page() {
        let text = RotationPage(report()).markdown
        #expect(
            text.contains(
                "| identity, renamed over the old files | when told | signal HUP | 500 | 0 | 3 times, for 12 ms | closed | – |"
            )
        )
        #expect(
            text.contains(
                "- **identity, renamed over the old files**: it takes the new files when told; no handshake is lost; "
                    + "a connection from before is closed."
            )
        )
    }

    @Test("a program's text ends no cell and begins no markup")
    func hostileText() {
        let text = RotationPage(
            report {
                $0.lost = 1
                $0.firstLoss = "a | b <script>\n# heading"
            }
        ).markdown
        #expect(text.contains("a &#124; b &lt;script&gt;"))
        #expect(!text.contains("\n# heading"))
    }

    @Test("two runs with other figures have the same verdict")
    func verdict() {
        let slow = report {
            $0.handshakes = 900
            $0.oldServed = 70
            $0.oldMilliseconds = 4000
        }
        #expect(report().steps.map(\.verdict) == slow.steps.map(\.verdict))
    }

    @Test(
        "a rotation is smooth when every change was taken and nobody was lost",
        arguments: [
            (RotationReport.Notice.whenTold, 0, false, true), (.byItself, 0, false, true), (.keepsOld, 0, false, true),
            (.never, 0, false, false), (.closed, 0, false, false), (.whenTold, 1, false, false),
            (.whenTold, 0, true, false),
        ]
    )
    func smooth(_ notice: RotationReport.Notice, _ lost: Int, _ ended: Bool, _ isSmooth: Bool) {
        let report = report {
            $0.notice = notice
            $0.lost = lost
            $0.ended = ended
        }
        #expect(report.isSmooth == isSmooth)
    }
}
