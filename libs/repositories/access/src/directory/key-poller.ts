import { createRareWarning, type Logger } from '@runnel/observability'
import type { FollowedDirectory } from './followed-directory.ts'
import type { KeyChanges } from './key-changes.ts'
import type { KeyNotices } from './key-notices.ts'
import type { Applied } from './key-table.ts'

interface KeyPollerOptions {
  readonly log: Logger
  readonly directory: FollowedDirectory
  readonly read: (since: number) => Promise<KeyChanges>
  readonly announcer: KeyNotices | undefined
}

/** Requests for missed changes that are sent, and answered, per process: one in so many milliseconds. */
const WANTED_EVERY_MS = 1000
/** What an announcer read longer ago confirms nothing, for there may be more; what it knows is true all the same. */
const CONFIRMS_WITHIN_MS = 5000

/** A read takes milliseconds. One that hangs, for its connection is dead, holds up the next one no longer than this. */
const READ_TIMEOUT_MS = 1000

/** Brings a directory up to date: from PostgreSQL, and by notices. */
export class KeyPoller {
  private readonly options: KeyPollerOptions
  private running: Promise<boolean> | undefined
  private queued: Promise<boolean> | undefined
  private lastRead: { readonly atMs: number; readonly monotonicMs: number } | undefined
  private askedMs = -Infinity
  private answeredMs = -Infinity
  private readonly warnOfFall: (fields: { known: number; found: number }) => void

  constructor(options: KeyPollerOptions) {
    this.options = options
    this.warnOfFall = createRareWarning<{ known: number; found: number }>((fields) =>
      options.log.error(
        fields,
        'the database knows fewer changes of API keys than this process: was a backup put back? Look at the keys, then run npm run keys -- accept-restored',
      ),
    )
  }

  /**
   * Reads what was changed up to now. One read is waited for at a time, and one waits that begins after it. Never rejects.
   *
   * @returns whether PostgreSQL answered in time
   */
  poll(): Promise<boolean> {
    if (!this.running) {
      this.running = this.read().finally(() => (this.running = undefined))
      return this.running
    }
    this.queued ??= this.running.then(() => {
      this.queued = undefined
      return this.poll()
    })
    return this.queued
  }

  /** Announces what was changed here just now, without another look at PostgreSQL, which may be gone by then. */
  announce(changes: KeyChanges): void {
    const { directory, announcer } = this.options
    directory.applyRead(changes)
    announcer?.announce(changes)
  }

  /** @returns a function that ends it */
  listen(notices: KeyNotices): () => void {
    const { directory, log } = this.options
    const stops = [
      notices.onChanges((changes) => {
        if (directory.applyNotice(changes) !== 'gap' || performance.now() < this.askedMs + WANTED_EVERY_MS)
          return
        this.askedMs = performance.now()
        log.debug({ version: directory.table.version }, 'changes of API keys were missed; asking for them')
        notices.want(directory.table.version)
      }),
      ...(this.options.announcer ? [notices.onWanted((version) => this.answer(version))] : []),
    ]
    return () => stops.forEach((stop) => stop())
  }

  private async read(): Promise<boolean> {
    const { directory, log } = this.options
    try {
      while ((await this.readOnce()) === 'more');
      return true
    } catch (err) {
      log.debug({ err, version: directory.table.version }, 'the API keys were not read')
      return false
    }
  }

  private async readOnce(): Promise<Applied> {
    const { directory, read, announcer } = this.options
    const reading = read(directory.table.version)
    if (!(await settlesWithin(reading, READ_TIMEOUT_MS))) {
      // By then it may be older than what others brought: it counts like a notice. Where each read is slow, it is what there is.
      reading.then(
        (changes) => directory.applyNotice(changes),
        () => undefined,
      )
      throw new Error(`no answer within ${READ_TIMEOUT_MS} ms`)
    }
    const changes = await reading
    const applied = directory.applyRead(changes)
    if (applied === 'older') this.warnOfFall({ known: directory.table.version, found: changes.version })
    if (applied !== 'current') return applied
    this.lastRead = { atMs: changes.atMs, monotonicMs: performance.now() }
    announcer?.announce(directory.table.changes(changes.atMs))
    return applied
  }

  private answer(version: number): void {
    const now = performance.now()
    if (now < this.answeredMs + WANTED_EVERY_MS) return
    this.answeredMs = now
    const { lastRead } = this
    const atMs = lastRead && now <= lastRead.monotonicMs + CONFIRMS_WITHIN_MS ? lastRead.atMs : 0
    const { table } = this.options.directory
    this.options.announcer?.announce(table.changes(atMs, Math.min(version, table.version)))
  }
}

/** @returns whether it was settled in time; its rejection is left to those who await it */
async function settlesWithin(reading: Promise<unknown>, withinMs: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => late.resolve(false), withinMs)
  const settled = () => true
  try {
    return await Promise.race([reading.then(settled, settled), late.promise])
  } finally {
    clearTimeout(timer)
  }
}
