import type { Kind } from './kinds.ts'

/**
 * The names that one installation uses at the broker and in Redis. Subjects are public: any client may publish
 * to them. SUBJECT_PREFIX goes before all of them, so that tests and several installations never meet.
 */
export interface Topology {
  /** Subject that events of this kind are published to. */
  subject(kind: Kind): string
  /** Work-queue stream that keeps them. Stream names may hold no dots. */
  stream(kind: Kind): string
  /** The queue that keeps them at a broker that has queues in place of streams. One that is called like the subject is a third party's. */
  queue(kind: Kind): string
  /** The one durable pull consumer of that stream. */
  durable(kind: Kind): string
  /** Core subject of change notices for caches: one JSON {@link ChangeNotice} per message. */
  readonly changes: string
  /** Core subject of log entries that were committed just now: one JSON {@link LogNotice} per message. */
  readonly logsStored: string
  /** Core subject on which a query-api asks for those, again every second. Its payload is ignored. */
  readonly logsWanted: string
  /** Core subject of the database's time: one JSON {@link ClockNotice} per message. */
  readonly clock: string
  /** Core subject on which an app asks for that. Its payload is ignored. */
  readonly clockWanted: string
  /** Core subject that wakes dispatchers: there may be something to send. Its payload says nothing. */
  readonly wake: string
  /** Core subject of changes of API keys, signed: by them a replica without PostgreSQL obeys a revocation. */
  readonly keys: string
  /** Core subject on which a replica asks for those it missed. Its payload is the version that it has. */
  readonly keysWanted: string
  /** Core subject under which a process of this installation receives answers; `id` is a random token. */
  inbox(id: string): string
  /** @returns whether a subject is such an inbox: answers go nowhere else */
  isInbox(subject: string): boolean
}

const INBOX_ID = /^[\w-]{1,64}$/

const SUBJECTS: Record<Kind, string> = {
  metrics: 'metrics',
  logs: 'logs',
  products: 'events.products',
  traces: 'traces',
}

/**
 * @param prefix letters, digits, `_` and `-`, or empty. With `t1` the subject of logs is `t1.logs` and its stream
 * `t1_logs`.
 */
export function createTopology(prefix: string): Topology {
  const dotted = prefix === '' ? '' : `${prefix}.`
  const joined = prefix === '' ? '' : `${prefix}_`
  return {
    subject: (kind) => dotted + SUBJECTS[kind],
    stream: (kind) => joined + kind,
    queue: (kind) => `${dotted}runnel.${kind}`,
    durable: (kind) => `${joined}${kind}_consumer`,
    changes: `${dotted}runnel.changes`,
    logsStored: `${dotted}runnel.logs.stored`,
    logsWanted: `${dotted}runnel.logs.wanted`,
    clock: `${dotted}runnel.clock`,
    clockWanted: `${dotted}runnel.clock.wanted`,
    wake: `${dotted}runnel.wake`,
    keys: `${dotted}runnel.keys`,
    keysWanted: `${dotted}runnel.keys.wanted`,
    inbox: (id) => `${dotted}runnel.inbox.${id}`,
    isInbox: (subject) => {
      const inboxes = `${dotted}runnel.inbox.`
      return subject.startsWith(inboxes) && INBOX_ID.test(subject.slice(inboxes.length))
    },
  }
}
