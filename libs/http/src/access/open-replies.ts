import type { FastifyReply } from 'fastify'

/** An answer that is not out yet, in the order in which they began. */
export interface OpenReply {
  readonly reply: FastifyReply
  /** How often all had been looked at when it began. */
  readonly round: number
}

interface Entry extends OpenReply {
  next: Entry | undefined
  previous: Entry | undefined
}

/**
 * Answers that are not out yet. A list whose entries know their neighbours: every request enters and leaves it, and a Set, which has to
 * hash them, takes ten times as long.
 */
export class OpenReplies {
  private first: Entry | undefined
  private last: Entry | undefined
  private round = 0

  add(reply: FastifyReply): OpenReply {
    const entry: Entry = { reply, round: this.round, next: undefined, previous: this.last }
    if (this.last === undefined) this.first = entry
    else this.last.next = entry
    this.last = entry
    return entry
  }

  /** @param open of {@link add}, once */
  remove(open: OpenReply): void {
    const entry = open as Entry
    const { next, previous } = entry
    if (previous === undefined) this.first = next
    else previous.next = next
    if (next === undefined) this.last = previous
    else next.previous = previous
    // What lives longer by chance would keep its former neighbours alive.
    entry.next = entry.previous = undefined
  }

  /** @returns those that began before the last look, and begins the next one */
  look(): OpenReply[] {
    const old: OpenReply[] = []
    for (let entry = this.first; entry !== undefined && entry.round < this.round; entry = entry.next)
      old.push(entry)
    this.round++
    return old
  }
}
