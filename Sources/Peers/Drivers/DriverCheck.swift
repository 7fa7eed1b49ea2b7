internal import ConformanceEngine
package import ConformanceModel

/// A small conformance test for a driver: a handshake that must succeed and one that must be refused in each role, and
/// the manners of the protocol.
package struct DriverCheck: Sendable {
    /// One thing that was looked at.
    package struct Finding: Hashable, Sendable {
        package var name: String
        /// The fault; nil when there is none.
        package var problem: String?
    }

    package private(set) var findings: [Finding] = []

    /// - Parameters:
    ///   - manifest: the stack, as it was found on this machine.
    ///   - cases: the cases that it is put through, with what the oracle permits.
    ///   - judge: compares what was seen with what is permitted.
    package init(
        _ manifest: PeerManifest,
        buildFolder: String,
        cases: [(ConformanceCase, CaseExpectation)],
        now: Int64,
        judge: (ConformanceCase, CaseExpectation, PlayOutcome) -> CaseResult
    ) throws {
        let settings = PeerSettings(manifests: [manifest], buildFolder: buildFolder)
        let host = PeerHost(settings)
        let stacks = try StackRegistry.standard(peers: host)
        for side in manifest.roles where manifest.driver != nil {
            findings.append(Finding(name: "hello as a \(side.rawValue)", problem: Self.greeting(host, manifest, side)))
        }
        let player = CasePlayer(stacks: stacks)
        for (testCase, expectation) in cases {
            let outcome = player.play(testCase, seed: 1, now: now, playsControl: expectation.hasRejection)
            let result = judge(testCase, expectation, outcome)
            let isGood = result.verdict.isExpected
            findings.append(
                Finding(
                    name: "\(testCase.id): \(result.verdict.rawValue)",
                    problem: isGood ? nil : result.reason ?? "no reason given"
                )
            )
        }
        findings += PeerProbes.findings(of: manifest, host)
    }

    /// Whether nothing is wrong.
    package var isGood: Bool { findings.allSatisfy { $0.problem == nil } }

    private static func greeting(_ host: PeerHost, _ manifest: PeerManifest, _ side: Side) -> String? {
        do throws(PeerFault) {
            let driver = try host.takeDriver(manifest, side)
            let answer = try driver.greet()
            guard let roles = answer.roles else { return "hello tells no roles" }
            let claimed = manifest.roles.map(\.rawValue)
            guard Set(roles) == Set(claimed) else {
                return
                    "hello tells the roles \(roles.joined(separator: ", ")), the manifest \(claimed.joined(separator: ", "))"
            }
            guard answer.version != nil else { return "hello tells no version" }
            // A driver that has nothing to stop must say so all the same.
            try driver.stop()
            host.giveBack(driver, of: manifest.stack, side)
            return nil
        } catch {
            return error.words
        }
    }
}

/// The probes of a manifest: commands that prove what it says a stack can't do.
enum PeerProbes {
    static func findings(of manifest: PeerManifest, _ host: PeerHost) -> [DriverCheck.Finding] {
        manifest.lacks.compactMap { lack in
            lack.probe.map { probe in
                let names = lack.capabilities.map(\.rawValue).joined(separator: ", ")
                return DriverCheck.Finding(name: "probe of \(names)", problem: problem(probe, manifest, host))
            }
        }
    }

    private static func problem(_ probe: Lack.Probe, _ manifest: PeerManifest, _ host: PeerHost) -> String? {
        let command = PeerCommand(manifest: manifest, buildFolder: host.buildFolder)
        do throws(PeerFault) {
            let folder = try host.makeFolder(
                CaseMaterial(now: 0, specification: PKISpecification(), entries: [:], revocationLists: [:])
            )
            var values = TemplateValues(number: 0, values: [:])
            values.add(["work": folder.path])
            for (file, text) in probe.files.sorted(by: { $0.key < $1.key }) {
                try folder.write(file, values.lines(text))
            }
            let arguments = command.expanded(values.arguments(probe.command))
            let group = try host.group()
            let process: ChildProcess
            do throws(SystemFailure) {
                process = try ChildProcess(
                    arguments,
                    group: group,
                    environment: command.environment,
                    folder: folder.path
                )
            } catch {
                return "\(error)"
            }
            process.closeInput()
            guard process.waitForExit(until: Deadline(after: host.patience)) != nil else {
                process.kill()
                return "it did not end within \(host.patience)"
            }
            let text = String(decoding: process.outputBytes + process.errorBytes, as: UTF8.self)
            return PatternMatch(probe.says).matches(text)
                ? nil : "it was to say “\(probe.says)”, and said “\(text.prefix(300))”: the claim may no longer hold"
        } catch {
            return error.words
        }
    }
}
