/// The connection to the runner: blocking calls, in order.
protocol RunnerTransport {
    /// Sends all of the bytes, or as many as the runner still takes.
    func send(_ bytes: [UInt8])
    /// Waits for bytes; none are the end of the stream, whatever ended it.
    func receive() -> [UInt8]
    /// Says that nothing more will be sent.
    func shutdownSending()
}

extension RunnerTransport {
    /// Ends by halves: closing with bytes unread would reset the connection, and the runner would lose the alert.
    func finish() {
        shutdownSending()
        while !receive().isEmpty {}
    }
}
