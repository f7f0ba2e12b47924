import { AppError } from '@runnel/contracts'
import { once } from 'node:events'
import { followCertificates, tlsServerOptions } from '@runnel/http'
import type { Logger } from '@runnel/observability'
import type { TlsSettings } from '@runnel/runtime'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'

export interface Address {
  readonly host: string
  /** 0: the system chooses one, and it stays. */
  readonly port: number
}

/** Longer than clients keep idle connections, so that none is closed while a call is on its way. */
const KEEP_ALIVE_MS = 65_000
/** Past them, new connections are closed: calls that are never answered hold one each. */
const MAX_CONNECTIONS = 10_000

/** A server that can be taken down for a while: then nothing listens on its port. It comes back on the same one. */
export class GatewayListener {
  readonly #server: Server
  readonly #stopFollowing: () => void = () => undefined
  readonly #scheme: 'http' | 'https' = 'http'
  #address: Address | undefined
  #closed = false

  /** @param tls files of its certificate; without, plain http */
  constructor(take: RequestListener, log: Logger, tls: TlsSettings | undefined) {
    const options = { keepAliveTimeout: KEEP_ALIVE_MS }
    if (tls?.certFile) {
      const server = createTlsServer({ ...options, ...tlsServerOptions(tls) }, take)
      this.#stopFollowing = followCertificates(server, tls, log)
      this.#server = server as unknown as Server
      this.#scheme = 'https'
    } else this.#server = createServer(options, take)
    this.#server.maxConnections = MAX_CONNECTIONS
  }

  /** undefined before it was opened */
  get url(): string | undefined {
    if (this.#address === undefined) return undefined
    const { host, port } = this.#address
    return `${this.#scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`
  }

  /** @throws what listening throws */
  async open({ host, port }: Address): Promise<void> {
    this.#server.listen({ host, port })
    await once(this.#server, 'listening')
    this.#address = { host, port: (this.#server.address() as AddressInfo).port }
  }

  /** Does nothing before it was opened, and once it is closed. @throws AppError conflict where its port was taken */
  async reopen(): Promise<void> {
    if (this.#closed || this.#address === undefined || this.#server.listening) return
    try {
      await this.open(this.#address)
    } catch (error) {
      const { port } = this.#address
      throw new AppError('conflict', `Port ${port} of the gateway was taken meanwhile`, {}, error)
    }
  }

  /** Cuts every connection. */
  async shut(): Promise<void> {
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  /** For good. */
  close(): Promise<void> {
    this.#closed = true
    this.#stopFollowing()
    return this.shut()
  }
}
