import { eventTimeMs, isJsonObject, readTraceId, type StoredLogEntry } from '@runnel/contracts'
import { formatEvent } from '@runnel/http'
import { encodeLog } from '../routes/encode-log.ts'

/** Comes in a stream of events; the id is what a client resumes by. */
export interface Frame {
  readonly id: string
  readonly bytes: Buffer
}

/** An entry that was stored just now. Its frame is made once, for the first client that needs it. */
export class LiveLog {
  readonly entry: StoredLogEntry
  /** Counts the entries that have come here. */
  readonly seq: number
  #frame: Frame | undefined

  constructor(entry: StoredLogEntry, seq: number) {
    this.entry = entry
    this.seq = seq
  }

  get frame(): Frame {
    const { id, data } = this.entry
    this.#frame ??= toFrame(
      id,
      encodeLog({
        ...this.entry,
        receivedAtMs: eventTimeMs(id),
        traceId: isJsonObject(data) ? readTraceId(data) : undefined,
        dataText: JSON.stringify(data),
      }),
    )
    return this.#frame
  }
}

/** @param json on one line */
export function toFrame(id: string, json: string): Frame {
  return { id, bytes: Buffer.from(formatEvent('log', json, id)) }
}
