const DEFAULT_GRACE_MS = 60_000

/**
 * Jest reporter: a run whose tests are over and whose process lives on, for a server or a socket was left open, is ended and has
 * failed. Otherwise one hook that fails would hold up what waits for all tests.
 */
export default class JestEnd {
  #graceMs

  /** @param options graceMs: how long the process may take to end by itself */
  constructor(_config, { graceMs = DEFAULT_GRACE_MS } = {}) {
    this.#graceMs = graceMs
  }

  onRunComplete() {
    const end = () => {
      console.error(
        `The tests are over and their process has not ended within ${this.#graceMs} ms: something is left open.`,
      )
      process.exit(1)
    }
    // It keeps nothing alive itself.
    setTimeout(end, this.#graceMs).unref()
  }
}
