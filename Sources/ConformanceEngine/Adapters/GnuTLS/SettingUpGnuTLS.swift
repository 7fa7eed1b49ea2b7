internal import GnuTLSPeer

/// Does one step of setting a side up; what GnuTLS refuses there is a refusal of the settings.
func settingUp<Value>(_ make: () throws(GnuTLSError) -> Value) throws(AdapterError) -> Value {
    do throws(GnuTLSError) {
        return try make()
    } catch {
        throw .configuration(ReasonClass(settingUp: error), detail: "\(error)")
    }
}
