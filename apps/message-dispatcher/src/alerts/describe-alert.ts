import type { ConditionName } from './condition-names.ts'

/** An alert in words. */
export interface AlertText {
  /** A few words. */
  readonly title: string
  /** Sentences: what it means, and what to do. */
  readonly text: string
  /** The page of the console that shows more, below its address. */
  readonly page: string
}

interface Facts {
  readonly state?: string
  readonly reason?: string | null
  readonly leftSeconds?: number
  readonly recent?: number
  readonly kept?: number
  readonly late?: readonly {
    readonly kind: string
    readonly seconds: number
    readonly waitingMessages: number
  }[]
  readonly awaySeconds?: number | null
  readonly notes?: readonly string[]
}

type Describe = (facts: Facts, resolved: boolean) => AlertText

const WORDS: Readonly<Record<ConditionName, Describe>> = {
  gateway_breaker: ({ reason }, resolved) =>
    resolved
      ? {
          title: 'The gateway works again',
          text: 'Messages go out again at the full rate. Check whether a mailing has come to its end meanwhile.',
          page: 'mailings',
        }
      : {
          title: 'The gateway fails, and nothing is sent',
          text: `The breaker is open${because(reason)}. Messages wait, and a probe finds out when the gateway works again; a mailing that comes to its end meanwhile expires. The system page says what to do, and can begin again.`,
          page: 'system',
        },
  gateway_pause: ({ leftSeconds }, resolved) =>
    resolved
      ? {
          title: 'The pause of the gateway is over',
          text: 'Messages go out again.',
          page: 'mailings',
        }
      : {
          title: 'The gateway asked for a pause, and nothing is sent',
          text: `It answered 429 with Retry-After; ${leftSeconds ?? 0} seconds were left when this was seen. Messages of all mailings wait; the system page can end the pause.`,
          page: 'system',
        },
  email_breaker: describeChannel('E-mail', 'the mail server'),
  webhook_breaker: describeChannel('Webhooks', 'most receivers of webhooks'),
  dead_letters: ({ recent = 0, kept = 0 }, resolved) =>
    resolved
      ? {
          title: 'No more events become dead letters',
          text: `None did for 15 minutes. ${kept} ${kept === 1 ? 'letter is' : 'letters are'} kept, to be replayed or deleted.`,
          page: 'dead-letters',
        }
      : {
          title: 'Events become dead letters',
          text: `${recent} ${recent === 1 ? 'event' : 'events'} of the last 15 minutes could not be stored, and ${kept} ${kept === 1 ? 'letter is' : 'letters are'} kept. Look at their reasons, and replay them once the cause is gone.`,
          page: 'dead-letters',
        },
  lag: ({ late = [], awaySeconds }, resolved) =>
    resolved
      ? {
          title: 'Events are stored in time again',
          text: 'Nothing waits for too long any more.',
          page: 'system',
        }
      : {
          title: 'Events are stored late',
          text: [
            ...late.map(
              ({ kind, seconds, waitingMessages }) =>
                `${kind}: ${seconds} seconds late, ${waitingMessages} messages wait.`,
            ),
            ...(typeof awaySeconds === 'number'
              ? [`No consumer has answered for ${awaySeconds} seconds: nothing is stored.`]
              : []),
            'Nothing is lost, as long as the broker has room.',
          ].join(' '),
          page: 'system',
        },
  retention_suspended: ({ notes = [] }, resolved) =>
    resolved
      ? { title: 'Old events are removed again', text: 'The suspension has ended.', page: 'system' }
      : {
          title: 'Old events are not removed',
          text: [
            ...notes,
            'Look at the clock of the database, and confirm with: npm run retention -- --confirm',
          ].join(' '),
          page: 'system',
        },
}

/** @param what the channel, at the beginning of a sentence @param who fails */
function describeChannel(what: string, who: string): Describe {
  return ({ reason }, resolved) =>
    resolved
      ? {
          title: `${what}: messages go out again`,
          text: 'They do at the full rate. Check whether a mailing has come to its end meanwhile.',
          page: 'mailings',
        }
      : {
          title: `${what}: nothing is sent, for ${who} cannot be used`,
          text: `The breaker of the channel is open${because(reason)}. Its messages wait, and a probe finds out when it works again; a mailing that comes to its end meanwhile expires. Mailings of other channels go on.`,
          page: 'system',
        }
}

function because(reason: string | null | undefined): string {
  return reason ? ` (${reason.replaceAll('_', ' ')})` : ''
}

/** @param condition one that this version does not know is named as it is */
export function describeAlert(condition: string, facts: unknown, resolved: boolean): AlertText {
  if (!Object.hasOwn(WORDS, condition))
    return { title: condition, text: 'This version of Runnel does not know the condition.', page: 'system' }
  return WORDS[condition as ConditionName](facts as Facts, resolved)
}
