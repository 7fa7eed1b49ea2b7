internal import ConformanceModel

extension StackAdapter {
    /// The stack, whose endpoints are listened to.
    func recorded(by recorder: WireRecorder) -> some StackAdapter {
        WrappingAdapter(adapter: self) { endpoint, side in
            RecordedEndpoint(endpoint, side, recorder, connection: recorder.begin(side))
        }
    }
}

private final class RecordedEndpoint: ForwardingEndpoint {
    let endpoint: any Endpoint
    private let side: Side
    private let recorder: WireRecorder
    private let connection: Int

    init(_ endpoint: any Endpoint, _ side: Side, _ recorder: WireRecorder, connection: Int) {
        self.endpoint = endpoint
        self.side = side
        self.recorder = recorder
        self.connection = connection
    }

    func takeOutput() -> [UInt8] {
        let bytes = endpoint.takeOutput()
        recorder.add(bytes, from: side, to: connection)
        return bytes
    }

    func observation() -> SideObservation {
        endpoint.keyLogLines.forEach { recorder.add(keyLog: $0) }
        return endpoint.observation()
    }
}
