internal import COpenSSL

/// What OpenSSL said when a call failed: the call, and the error queue of the thread, oldest entry first.
///
/// The queue belongs to the thread, so it is drained right after the call and kept here as a value.
package struct OpenSSLError: Error, Sendable, Equatable {
    /// One entry of the error queue.
    package struct Entry: Sendable, Equatable {
        /// The library part of the code (`ERR_GET_LIB`), for example `ERR_LIB_SSL`.
        package let library: Int32
        /// The reason part of the code (`ERR_GET_REASON`), unique within its library.
        package let reason: Int32
        /// The text of the reason, for example `tlsv1 alert unknown ca`.
        package let text: String
        /// What OpenSSL added to the entry, or an empty string.
        package let data: String
    }

    /// The name of the C function that failed.
    package let call: String
    /// The entries of the queue, oldest first; empty when OpenSSL left none.
    package let entries: [Entry]

    package init(call: String, entries: [Entry]) {
        self.call = call
        self.entries = entries
    }
}

extension OpenSSLError: CustomStringConvertible {
    package var description: String {
        let reasons = entries.map { entry in
            entry.data.isEmpty ? entry.text : "\(entry.text) (\(entry.data))"
        }
        return reasons.isEmpty ? "\(call) failed" : "\(call): \(reasons.joined(separator: "; "))"
    }
}
