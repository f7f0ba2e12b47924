import { ByteQueue } from './byte-queue.ts'
import type { Frame, FrameCutter } from './frame.ts'
import { sizeOfItem, toBody, type Item } from './items.ts'
import type { Received, StreamSession } from './listener.ts'

/** A session of a protocol in which each frame stands for itself. */
export class FrameSession implements StreamSession {
  readonly #queue = new ByteQueue()
  readonly #cutter: FrameCutter
  readonly #decode: (frame: Frame) => readonly Item[]
  readonly #report: (defect: unknown) => void
  /** That have come to their end. */
  #frames = 0

  /** @param report gets what `decode` throws, which costs that frame alone */
  constructor(
    cutter: FrameCutter,
    decode: (frame: Frame) => readonly Item[],
    report: (defect: unknown) => void,
  ) {
    this.#cutter = cutter
    this.#decode = decode
    this.#report = report
  }

  get heldBytes(): number {
    return this.#queue.length
  }

  get incompleteFrame(): number | undefined {
    return this.#queue.length > 0 || this.#cutter.isSkipping ? this.#frames : undefined
  }

  /** Decodes at once: what is kept while the broker takes its time is text alone, not the buffers of the socket. */
  read(bytes: Buffer, take: (received: Received) => void): void {
    this.#queue.append(bytes)
    const items: Item[] = []
    const wasSkipping = this.#cutter.isSkipping
    for (let frame = this.#cutter.next(this.#queue); frame; frame = this.#cutter.next(this.#queue)) {
      this.#frames++
      items.push(...this.#decodeSafely(frame))
    }
    if (wasSkipping && !this.#cutter.isSkipping) this.#frames++
    this.#queue.settle()
    if (items.length > 0) take(receive(items))
  }

  end(take: (received: Received) => void): void {
    const rest = this.#queue.take(this.#queue.length)
    const frame = this.#cutter.last(rest)
    if (frame !== undefined) take(receive(this.#decodeSafely(frame)))
  }

  #decodeSafely(frame: Frame): readonly Item[] {
    try {
      return this.#decode(frame)
    } catch (defect) {
      this.#report(defect)
      return []
    }
  }
}

function receive(items: readonly Item[]): Received {
  const bytes = items.reduce((sum, item) => sum + sizeOfItem(item), 0)
  return { bytes, decode: () => toBody(items) }
}
