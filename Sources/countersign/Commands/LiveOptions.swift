internal import ArgumentParser
internal import ConformanceEngine
internal import ConformanceModel
internal import Foundation
internal import MutualTLS
internal import MutualTLSFiles
internal import OpenSSL

/// The arguments that put a server or a client of the user's own through the catalogue.
struct LiveOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Puts a server that runs already through the cases of --mode; needs --issuer-cert and --issuer-key.",
            valueName: "host:port"
        )
    )
    var target: String?

    @Option(
        help: ArgumentHelp(
            "Puts a client through the cases: a command that makes it connect to {url}.",
            discussion: """
                Placeholders: {url}, {host}, {port}, {serverName}, {rootCAs}, {certificate} (the leaf), {chain}, {key}, \
                {bundle}. Words in [brackets] are left out when a placeholder in them has no value. Exit code 0 means \
                that the client took the connection. No shell is involved.
                """,
            valueName: "command"
        )
    )
    var clientTrigger: String?

    @Option(help: ArgumentHelp("The test authority that the target or the client trusts, in PEM.", valueName: "file"))
    var issuerCert: String?

    @Option(help: ArgumentHelp("The private key of the test authority, in PEM, unencrypted.", valueName: "file"))
    var issuerKey: String?

    @Option(
        help: ArgumentHelp(
            "The client authentication mode that the target is to have, in Go's words.",
            valueName: "mode"
        )
    )
    var mode: ClientAuthMode?

    @Option(
        help: ArgumentHelp(
            "The target's name, by default its host; for a client without {host}, the name it reaches 127.0.0.1 by.",
            valueName: "name"
        )
    )
    var serverName: String?

    @Option(
        help: ArgumentHelp(
            "What the target's certificate is verified with, in PEM; without it, it isn't verified.",
            valueName: "file"
        )
    )
    var ca: String?

    @Option(
        help: ArgumentHelp(
            """
            What is said after the handshake: greeting, http or nats. A target is asked as in HTTP, and anything counts \
            that is no refusal of the certificate.
            """,
            valueName: "protocol"
        )
    )
    var speaks: Conversation?

    @Option(
        help: ArgumentHelp(
            """
            The stack that the target or the client is built on: its known deviations hold, and its alerts are compared.
            """,
            valueName: "stack"
        )
    )
    var implementation: String?

    @Option(
        help: ArgumentHelp(
            "How long a target that was asked may say nothing before that counts as acceptance.",
            valueName: "milliseconds"
        )
    )
    var silence: Int = 500

    /// Whether a run has such a peer.
    var isGiven: Bool { target != nil || clientTrigger != nil }

    func validate() throws {
        guard isGiven else {
            let needless =
                [issuerCert, issuerKey, serverName, ca, implementation].contains { $0 != nil } || mode != nil
            guard !needless else {
                throw ValidationError("--issuer-cert and its kind belong to --target or --client-trigger")
            }
            return
        }
        guard target == nil || clientTrigger == nil else {
            throw ValidationError("--target and --client-trigger are two runs: each has its own test authority")
        }
        guard (issuerCert == nil) == (issuerKey == nil) else {
            throw ValidationError("--issuer-cert and --issuer-key belong together")
        }
        guard silence > 0 else { throw ValidationError("--silence is \(silence); it must be at least 1 ms") }
        if target != nil {
            guard issuerCert != nil else {
                throw ValidationError("--target needs --issuer-cert and --issuer-key: a test authority that it trusts")
            }
            guard mode != nil else {
                let modes = ClientAuthMode.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("--target needs --mode, what it is to do about client certificates: \(modes)")
            }
        }
    }

    /// The peer, read from the arguments; nil without one.
    func peer(now: Int64) throws -> LivePeer? {
        if let target, let mode { return try server(target, mode, now) }
        if let clientTrigger { return try client(clientTrigger, now) }
        return nil
    }

    private func server(_ target: String, _ mode: ClientAuthMode, _ now: Int64) throws -> LivePeer {
        let address = try HostAndPort(parsing: target, option: "--target", ports: 1...65_535)
        guard let material = try material(now) else { throw CommandError.usage("--target needs a test authority") }
        let endpoint = LiveEndpoint(host: address.host, port: UInt16(address.port), silenceMs: silence)
        let plan = LiveServerPlan(
            stack: .target,
            mode: mode,
            serverName: serverName ?? address.host,
            rootCount: material.rootCount,
            issuer: material.issuer
        )
        var manifest = PeerManifest.live(
            endpoint,
            speaks: speaks ?? .request,
            implementation: implementation.map(Stack.init(rawValue:))
        )
        // What the report says of the stack.
        if material.rootCount == 0 { manifest.title += ", its certificate not verified" }
        return LivePeer(
            manifest: manifest,
            plan: .server(plan),
            material: material
        )
    }

    private func client(_ text: String, _ now: Int64) throws -> LivePeer {
        var command: TriggerCommand
        do {
            command = try TriggerCommand(text)
        } catch {
            throw CommandError.usage("--client-trigger: \(error)")
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
        return LivePeer(
            manifest: .triggered(
                command,
                speaks: speaks ?? .http,
                folder: FileManager.default.currentDirectoryPath,
                implementation: implementation.map(Stack.init(rawValue:))
            ),
            plan: .client(TriggeredClientPlan(stack: .triggered, serverName: name, issuer: material?.issuer)),
            material: material
        )
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
                now: now
            )
        } catch let error as LiveMaterialError {
            throw CommandError.usage("\(issuerCert): \(error)")
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

extension Conversation: ExpressibleByArgument {}
