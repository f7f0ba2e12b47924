import { eventTimeMs, type StoredLogEntry } from '@runnel/contracts'
import { encodeLog } from '../routes/log-json.ts'

/** Comes in a stream of events; the id is what a client resumes by. */
export interface Frame {
  readonly id: string
  readonly bytes: Buffer
}

/** An entry that was stored just now. Its frame is made once, for whoever is the first to want it. */
export class LiveLog {
  readonly entry: StoredLogEntry
  #frame: Frame | undefined

  constructor(entry: StoredLogEntry) {
    this.entry = entry
  }

  get frame(): Frame {
    const { id, data } = this.entry
    this.#frame ??= toFrame(
      id,
      encodeLog({ ...this.entry, receivedAtMs: eventTimeMs(id), dataText: JSON.stringify(data) }),
    )
    return this.#frame
  }
}

/** @param json on one line, as JSON is that nobody has indented */
export function toFrame(id: string, json: string): Frame {
  return { id, bytes: Buffer.from(`id: ${id}\nevent: log\ndata: ${json}\n\n`) }
}
