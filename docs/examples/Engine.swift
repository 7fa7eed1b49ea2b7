import MutualTLS

/// Two sides without a socket: whoever carries the bytes is the network.
func greetInMemory(_ server: MutualTLSServer, _ client: MutualTLSClient) throws -> String {
    let serverSide = try server.makeConnection()
    let clientSide = try client.makeConnection()
    clientSide.start()
    while true {
        let fromClient = clientSide.takeOutput()
        serverSide.receive(fromClient)
        let fromServer = serverSide.takeOutput()
        clientSide.receive(fromServer)
        if fromClient.isEmpty, fromServer.isEmpty { break }
    }
    if let failure = serverSide.failure ?? clientSide.failure { throw failure }
    let name = serverSide.information.peerIdentity?.displayName ?? "unknown"
    try serverSide.send(Array("hello \(name)".utf8))
    clientSide.receive(serverSide.takeOutput())
    return String(decoding: clientSide.takeApplicationData(), as: UTF8.self)
}
