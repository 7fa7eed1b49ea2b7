/// The version of this program, as `version` prints it and results name it.
package enum Version {
    package static let text = "0.1.0"
}
