import type { LineMode, TcpProxy } from '../proxy/tcp-proxy.ts'

/** From an app to a store, over a proxy for each server of it: what is done to a line is done to all of them. */
export class Line {
  readonly #proxies: readonly TcpProxy[]

  constructor(proxies: readonly TcpProxy[]) {
    this.#proxies = proxies
  }

  /** One for each server, in their order. */
  get ports(): number[] {
    return this.#proxies.map(({ port }) => port)
  }

  set(mode: LineMode): void {
    for (const proxy of this.#proxies) proxy.set(mode)
  }

  cut(): void {
    for (const proxy of this.#proxies) proxy.cut()
  }
}
