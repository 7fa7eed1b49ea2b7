internal import ArgumentParser
internal import Campaign

/// The arguments that bring stacks into a run that play as programs of their own.
struct PeerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Plays this stack of the folder of peers, or an installed release of it (NAME@VERSION); may be repeated, and `all` is every one of them.",
            valueName: "name"
        )
    )
    var peer: [String] = []

    @Option(
        help: ArgumentHelp("Plays the stack of this manifest, wherever it is; may be repeated.", valueName: "manifest")
    )
    var subject: [String] = []

    @Option(help: ArgumentHelp("The folder of peers; scenarios/peers by default.", valueName: "dir"))
    var peers: String?

    @Option(help: ArgumentHelp("Where compiled drivers are kept; .build/peers by default.", valueName: "dir"))
    var peerBuild: String = ".build/peers"

    @Flag(help: "Plays the chosen stacks against each other too, and not only against those in process.")
    var amongPeers = false

    @Option(
        help: ArgumentHelp(
            "Writes the matrix of stacks, and a page for each of them, into this folder.",
            valueName: "dir"
        )
    )
    var interop: String?

    /// Whether a run has such stacks.
    var isGiven: Bool { !peer.isEmpty || !subject.isEmpty }

    /// The stacks as the arguments name them; nil without any.
    var selection: PeerSelection? {
        guard isGiven else { return nil }
        return PeerSelection(peer: peer, subject: subject, peers: peers, peerBuild: peerBuild, amongPeers: amongPeers)
    }
}
