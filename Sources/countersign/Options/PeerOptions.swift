internal import ArgumentParser
internal import Campaign

/// The arguments that bring stacks into a run that play as programs of their own.
struct PeerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A stack of the folder of peers, or an installed release of it (NAME@VERSION); may be repeated, and `all` plays every one.",
            valueName: "name"
        )
    )
    var peer: [String] = []

    @Option(
        help: ArgumentHelp("The manifest of a stack to judge, in any folder; may be repeated.", valueName: "manifest")
    )
    var subject: [String] = []

    @Option(help: ArgumentHelp("The folder of peers; scenarios/peers by default.", valueName: "dir"))
    var peers: String?

    @Option(
        help: ArgumentHelp(
            "Where compiled drivers are kept; by default .build/peers in a clone, otherwise countersign/peers in the user's cache.",
            valueName: "dir"
        )
    )
    var peerBuild: String?

    @Flag(help: "Also plays the chosen stacks against each other.")
    var amongPeers = false

    @Option(
        help: ArgumentHelp(
            "Writes the matrix of stacks, and a page for each stack, into this folder.",
            valueName: "dir"
        )
    )
    var interop: String?

    /// Whether a run has such stacks.
    var isGiven: Bool { !peer.isEmpty || !subject.isEmpty }

    /// The stacks as the arguments name them; nil without any.
    var selection: PeerSelection? {
        guard isGiven else { return nil }
        return PeerSelection(
            peer: peer,
            subject: subject,
            peers: peers,
            peerBuild: peerBuild ?? PeerCache.folder(),
            amongPeers: amongPeers
        )
    }
}
