import type { ServiceUrls } from '@runnel/testing'
import type { ServiceKind } from './service-kinds.ts'

export interface FoundService {
  readonly url: string
  /** Stops it when the search started it, else does nothing. */
  readonly close: () => Promise<void>
}

/** What has been found so far, and why the rest has not. */
export class ServiceSearch {
  readonly #kinds: readonly ServiceKind[]
  readonly #found = new Map<ServiceKind, FoundService>()
  readonly #reasons = new Map<ServiceKind, Set<string>>()

  constructor(kinds: readonly ServiceKind[]) {
    this.#kinds = kinds
  }

  get missing(): ServiceKind[] {
    return this.#kinds.filter((kind) => !this.#found.has(kind))
  }

  /** Tries one way for every service that is still missing. What it throws is kept as a reason; undefined: not found, without a reason. */
  async attempt(find: (kind: ServiceKind) => Promise<FoundService | undefined>): Promise<void> {
    await Promise.all(
      this.missing.map(async (kind) => {
        try {
          const service = await find(kind)
          if (service !== undefined) this.#found.set(kind, service)
        } catch (error) {
          const reasons = this.#reasons.get(kind) ?? new Set()
          this.#reasons.set(kind, reasons.add(error instanceof Error ? error.message : String(error)))
        }
      }),
    )
  }

  /** Only for a search that misses nothing. */
  get urls(): ServiceUrls {
    const urls = { DATABASE_URL: '', NATS_URL: '', REDIS_URL: '' }
    for (const [kind, { url }] of this.#found) urls[kind.variable] = url
    return urls
  }

  /** One line for each service that was not found. */
  describeMissing(): string {
    const lines = [...this.#reasons]
      .filter(([kind]) => !this.#found.has(kind))
      .map(([kind, reasons]) => `  ${kind.name} (${kind.variable}): ${[...reasons].join('; ')}`)
    return `Services are missing.\n${lines.join('\n')}`
  }

  async close(): Promise<void> {
    await Promise.all([...this.#found.values()].map((service) => service.close()))
  }
}
