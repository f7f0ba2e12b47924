import { parseExposition, type Sample } from '@runnel/observability'
import { eventually } from '@runnel/testing'

const REQUESTS = 'runnel_ingest_format_requests_total'
const WAITING = ['runnel_listener_waiting_bytes', 'runnel_listener_waiting_events']
const NAMES: ReadonlySet<string> = new Set([REQUESTS, ...WAITING])

/** What ingest-api tells about its clients while the broker is away. */
export class Outage {
  readonly #ingest: string
  readonly #key: string
  readonly #before: readonly Sample[]

  private constructor(ingest: string, key: string, before: readonly Sample[]) {
    this.#ingest = ingest
    this.#key = key
    this.#before = before
  }

  /** To be called before the broker goes. @param key may read metrics of apps */
  static async begin(ingest: string, key: string): Promise<Outage> {
    return new Outage(ingest, key, await scrape(ingest, key))
  }

  /** Resolves once `count` requests of a wire format were answered with an error. */
  async refused(format: string, count: number): Promise<void> {
    const before = countRefused(this.#before, format)
    await eventually(async () => countRefused(await this.#scrape(), format) - before >= count)
  }

  /** Resolves once something came to a listener without HTTP and waits there. */
  async waits(listener: string): Promise<void> {
    await eventually(async () =>
      (await this.#scrape()).some(
        ({ name, labels, value }) => WAITING.includes(name) && labels['listener'] === listener && value > 0,
      ),
    )
  }

  #scrape(): Promise<Sample[]> {
    return scrape(this.#ingest, this.#key)
  }
}

function countRefused(samples: readonly Sample[], format: string): number {
  const found = samples.find(
    ({ name, labels }) => name === REQUESTS && labels['format'] === format && labels['outcome'] === 'failed',
  )
  return found?.value ?? 0
}

async function scrape(ingest: string, key: string): Promise<Sample[]> {
  const answer = await fetch(`${ingest}/metrics`, { headers: { authorization: `Bearer ${key}` } })
  if (!answer.ok) throw new Error(`/metrics answered ${answer.status}`)
  return parseExposition(await answer.text(), NAMES)
}
