internal import MutualTLS

/// Does what the library may refuse while a side is set up; a refusal is an outcome of the case.
func settingUp<Value>(_ make: () throws(MutualTLSError) -> Value) throws(AdapterError) -> Value {
    do throws(MutualTLSError) {
        return try make()
    } catch {
        throw .configuration(ReasonClass(error), detail: "\(error)")
    }
}
