internal import ConformanceModel

extension StackAdapter {
    /// The stack, behind a wire that changes what one side says.
    func scripted(_ edits: [WireEdit], of side: Side) -> some StackAdapter {
        WrappingAdapter(adapter: self) { $1 == side ? ScriptedEndpoint($0, edits) : $0 }
    }
}

private final class ScriptedEndpoint: ForwardingEndpoint {
    let endpoint: any Endpoint
    private var editor: WireEditor

    init(_ endpoint: any Endpoint, _ edits: [WireEdit]) {
        self.endpoint = endpoint
        editor = WireEditor(edits)
    }

    /// A side whose stream was ended is one that hung up, whatever it thinks itself.
    var state: EndpointState { editor.hasEnded ? .failed : endpoint.state }
    func takeOutput() -> [UInt8] { editor.edit(endpoint.takeOutput()) }
}
