import type { EventPage } from '@runnel/contracts/api/event-page'
import type { LogEntry } from '@runnel/contracts/api/log'
import type { MetricEntry } from '@runnel/contracts/api/metric'
import { eventually } from '@runnel/testing'

const LIMIT = 100

/** What query-api shows. What was found is remembered, for an event that is doubled may come later. */
export class StoredEvents {
  readonly #query: string
  readonly #headers: Readonly<Record<string, string>>
  /** Paths, and how many events each has to show. */
  readonly #expected = new Map<string, number>()

  /** @param query base URL of query-api */
  constructor(query: string, key: string) {
    this.#query = query
    this.#headers = { authorization: `Bearer ${key}` }
  }

  /** Waits for `count` logs of a service. @returns all there are, the oldest first */
  logsOf(service: string, count: number): Promise<LogEntry[]> {
    return this.#find(`/api/v1/logs?limit=${LIMIT}&service=${encodeURIComponent(service)}`, count)
  }

  /** Waits for `count` metrics of a name. @returns all there are, the oldest first */
  metricsOf(name: string, count: number): Promise<MetricEntry[]> {
    return this.#find(`/api/v1/metrics?limit=${LIMIT}&name=${encodeURIComponent(name)}`, count)
  }

  /** @returns the paths under which there are not as many events any more as there were to be, with both numbers */
  async findChanged(): Promise<string[]> {
    const counts = await Promise.all(
      [...this.#expected].map(async ([path, count]) => ({
        path,
        count,
        now: (await this.#get(path)).length,
      })),
    )
    return counts
      .filter(({ count, now }) => now !== count)
      .map(({ path, count, now }) => `${path}: ${now} instead of ${count}`)
  }

  async #find<T>(path: string, count: number): Promise<T[]> {
    this.#expected.set(path, count)
    return eventually(async () => {
      const items = await this.#get<T>(path)
      if (items.length < count) throw new Error(`${path} shows ${items.length} of ${count}`)
      return items
    })
  }

  async #get<T>(path: string): Promise<T[]> {
    const answer = await fetch(this.#query + path, { headers: this.#headers })
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
    return ((await answer.json()) as EventPage<T>).items.toReversed()
  }
}
