internal import ConformanceEngine
package import ConformanceModel
internal import Foundation
internal import MutualTLS
internal import OpenSSL
internal import OpenSSLMinting

/// A server or a client of the user's own, as the user names it.
package struct LiveRequest {
    /// A server that runs already, as HOST:PORT.
    package var target: String?
    /// A command that makes a client connect.
    package var clientTrigger: String?
    /// Whether that command is started once, and takes a line for each connection.
    package var triggerTakesLines = false
    package var issuerCert: String?
    package var issuerKey: String?
    package var mode: ClientAuthMode?
    /// The target's hosts, each with its mode; none for one that has a single name.
    package var hosts: [LiveHost] = []
    package var serverName: String?
    package var ca: String?
    /// The revocation list that the target has.
    package var crl: String?
    package var speaks: Conversation?
    package var implementation: String?
    /// How long silence may last before it counts as acceptance, in milliseconds.
    package var silence = 500
    /// The path that requests are for.
    package var path = "/"
    /// The user that a database is asked for; nil for its usual one.
    package var user: String?
    /// How many seconds the target has until it listens.
    package var wait = 0

    package init() {}

    /// The stacks that are judged, each in the words of the user.
    var subjects: [(stack: Stack, name: String)] {
        guard let target else { return [(.triggered, "the client")] }
        return hosts.isEmpty ? [(.target, target)] : hosts.map { (.target(host: $0.name), "\($0.name) at \(target)") }
    }

    /// The words that these options were given by.
    package var words: [String] {
        let given: [(String, String?)] = [
            ("--target", target), ("--client-trigger", clientTrigger),
            ("--trigger-mode", triggerTakesLines ? "lines" : nil), ("--mode", hosts.isEmpty ? mode?.rawValue : nil),
            ("--issuer-cert", issuerCert), ("--issuer-key", issuerKey),
            ("--server-name", hosts.isEmpty ? serverName : nil), ("--ca", ca), ("--crl", crl),
            ("--speaks", speaks?.rawValue), ("--implementation", implementation),
            ("--silence", silence == 500 ? nil : String(silence)), ("--path", path == "/" ? nil : path),
            ("--user", user),
        ]
        return given.flatMap { name, value in value.map { [name, $0] } ?? [] }
            + hosts.flatMap { ["--host", "\($0.name)=\($0.mode.rawValue)"] }
    }

    /// The peer, read from the arguments; nil without one.
    package func peer(now: Int64) throws -> LivePeer? {
        if let target { return try server(target, now) }
        if let clientTrigger { return try client(clientTrigger, now) }
        return nil
    }

    private func server(_ target: String, _ now: Int64) throws -> LivePeer {
        let address = try HostAndPort(parsing: target, option: "--target", ports: 1...65_535)
        guard let material = try material(now) else { throw CommandError.usage("--target needs a test authority") }
        let single = mode.map { LiveHost(name: serverName ?? address.host, mode: $0) }
        var peer = LivePeer(manifests: [], plans: [], material: material, patience: wait)
        for host in hosts.isEmpty ? [single].compactMap(\.self) : hosts {
            let stack = hosts.isEmpty ? Stack.target : .target(host: host.name)
            let endpoint = LiveEndpoint(
                host: address.host,
                port: UInt16(address.port),
                silenceMs: silence,
                requestHost: host.name,
                path: path,
                user: user
            )
            var manifest = PeerManifest.live(
                endpoint,
                as: stack,
                speaks: speaks ?? .request,
                implementation: implementation.map(Stack.init(rawValue:))
            )
            // What the report says of the stack.
            if !hosts.isEmpty { manifest.title += ", \(host.name)" }
            if material.rootCount == 0 { manifest.title += ", its certificate not verified" }
            peer.manifests.append(manifest)
            let plan = LiveServerPlan(
                stack: stack,
                mode: host.mode,
                serverName: host.name,
                openHost: openHost(beside: host),
                rootCount: material.rootCount,
                issuer: material.issuer
            )
            peer.plans.append(.server(plan))
        }
        return peer
    }

    /// The host that asks least, where that is nobody's certificate and the given one asks for one.
    private func openHost(beside host: LiveHost) -> LiveHost? {
        let open = hosts.filter { $0.mode == .noClientCert } + hosts.filter { $0.mode == .requestClientCert }
        return [ClientAuthMode.noClientCert, .requestClientCert].contains(host.mode) ? nil : open.first
    }

    private func client(_ text: String, _ now: Int64) throws -> LivePeer {
        var command: TriggerCommand
        do {
            command = try TriggerCommand(text)
        } catch {
            throw CommandError.usage("--client-trigger: \(error)")
        }
        command.takesLines = triggerTakesLines
        if command.startingWords?.isEmpty == true {
            throw CommandError.usage(
                "--trigger-mode lines: the command must begin with a program, before any placeholder"
            )
        }
        guard ProgramPath.exists(command.program) else {
            throw CommandError.usage(
                "--client-trigger: there is no program “\(command.program)” that can be started; give its path, or one that "
                    + "is found in PATH"
            )
        }
        let material = try material(now)
        guard material != nil || command.has("rootCAs") else {
            throw CommandError.usage(
                "the client must trust the certificates of the cases: put {rootCAs} into the command, or give the test "
                    + "authority that it trusts with --issuer-cert and --issuer-key"
            )
        }
        let name = serverName ?? (command.has("host") ? nil : "localhost")
        if !command.has("host") { command.serverName = name }
        let manifest = PeerManifest.triggered(
            command,
            speaks: speaks ?? .http,
            folder: FileManager.default.currentDirectoryPath,
            implementation: implementation.map(Stack.init(rawValue:))
        )
        let plan = TriggeredClientPlan(
            stack: .triggered,
            serverName: name,
            issuer: material?.issuer,
            isLasting: triggerTakesLines
        )
        return LivePeer(manifests: [manifest], plans: [.client(plan)], material: material)
    }

    private func material(_ now: Int64) throws -> LiveMaterial? {
        guard let issuerCert, let issuerKey else { return nil }
        let issuers = try certificates(issuerCert)
        guard let issuer = issuers.first, issuers.count == 1 else {
            throw CommandError.usage("\(issuerCert): expected one certificate, found \(issuers.count)")
        }
        let key: EVPKey
        do {
            key = try EVPKey(privateKeyPEM: [UInt8](try Data(contentsOf: URL(filePath: issuerKey))), passphrase: nil)
        } catch let error as OpenSSLError {
            throw CommandError.usage("\(issuerKey): expected an unencrypted private key in PEM: \(error)")
        } catch {
            throw CommandError.usage("can't read \(issuerKey): \(FileReason.of(error))")
        }
        do {
            return try LiveMaterial(
                certificate: issuer,
                privateKey: try key.privateKeyDER(),
                serverRoots: try ca.map(certificates) ?? [],
                revocationLists: try crl.map(revocationLists) ?? [],
                now: now
            )
        } catch let error as LiveMaterialError {
            throw CommandError.usage("\(issuerCert): \(error)")
        }
    }

    private func revocationLists(_ path: String) throws -> [[UInt8]] {
        do {
            let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
            return try CertificateRevocationList.lists(inPEM: bytes).map(\.derBytes)
        } catch let error as MutualTLSError {
            throw CommandError.usage("\(path): \(error.message)")
        } catch {
            throw CommandError.usage("can't read \(path): \(FileReason.of(error))")
        }
    }

    private func certificates(_ path: String) throws -> [[UInt8]] {
        let bytes: [UInt8]
        do {
            bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw CommandError.usage("can't read \(path): \(FileReason.of(error))")
        }
        do {
            return try Certificate.certificates(inPEM: bytes).map(\.derBytes)
        } catch {
            throw CommandError.usage("\(path): \(error.message)")
        }
    }
}

/// The search for a program as execvp(3) does it.
private enum ProgramPath {
    static func exists(_ program: String) -> Bool {
        let files = FileManager.default
        if program.contains("/") { return files.isExecutableFile(atPath: program) }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        return path.split(separator: ":").contains { files.isExecutableFile(atPath: "\($0)/\(program)") }
    }
}
