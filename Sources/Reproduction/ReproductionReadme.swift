internal import Campaign
package import ConformanceModel
internal import ConformanceReports
package import Diagnostics

/// The README of a reproduction.
package struct ReproductionReadme {
    package let text: String

    package init(
        _ testCase: ConformanceCase,
        _ explanation: CaseExplanation,
        _ plan: ReplayPlan,
        result: CaseResult,
        rules: [RuleDescription]
    ) {
        let code = plan.isAccepted.map { $0 ? "0 (accepted)" : "1 (refused)" } ?? "3 (openssl can't play it)"
        var lines = [
            "# \(testCase.id)", "",
            "The private keys in this folder are throwaway: made for this case, good for nothing else, and public from",
            "the moment when you pass the folder on.", "",
            "## What it is about", "", "```", CaseExplanationText(explanation).text, "```", "",
            "## What was seen", "", "```", "verdict: \(result.verdict.rawValue)",
            CaseNarrative(result, rules: rules, options: nil).text, "```", "",
            "## Play it again", "",
            "`./replay.sh` plays it with openssl alone, prints what both sides said, and ends with \(code).", "",
        ]
        lines += plan.differences.map { "- Otherwise than the case asks: \($0)." }
        lines += plan.omissions.map { "- Left out: \($0)." }
        if let obstacle = plan.obstacle { lines.append("- It can't be played: \(obstacle).") }
        for server in plan.servers {
            lines += ["", "A server:", "", "```sh", server.command.map(ShellWord.of).joined(separator: " "), "```", ""]
            lines += ["Its clients, with the port that it prints:", "", "```sh"]
            lines += server.connections.map { connection in
                connection.client.map { $0.contains("$") ? $0 : ShellWord.of($0) }.joined(separator: " ")
            }
            lines += ["```", ""]
        }
        lines += [
            "## Files", "",
            "| File | Holds |", "|---|---|",
            "| `pki/` | certificates, keys (mode 0600) and lists under the names of the scenario |",
            "| `settings.json` | the settings of both sides, the steps and the recipe |",
            "| `argv.txt` | the two commands, a word a line |",
            "| `capture.pcapng` | both directions, with the secrets inside; Wireshark and `tshark -r` decrypt it |",
            "| `keylog.txt` | the same secrets in the format of NSS |",
            "| `flights.txt` | each flight with its records |",
            "| `result.json` | what both sides reported |",
            "| `replay.sh` | the replay; the exit code to expect stands in `expected-exit-code` |",
        ]
        text = lines.joined(separator: "\n") + "\n"
    }
}
