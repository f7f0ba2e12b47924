import type { SystemState } from '@runnel/contracts/api/system'
import { formatCount } from '@runnel/producer-sim/cli'
import { ok, problem, warning, type Finding } from '../finding.ts'

/** Of the byte limit of a stream: beyond it, events are soon refused. */
const FULL_SHARE = 0.8
const MAX_LAG_SECONDS = 60
const MAX_OFFSET_SECONDS = 2

const SERVERS: Readonly<Record<string, readonly [name: string, advice: string]>> = {
  postgres: [
    'PostgreSQL',
    'See that it runs and is migrated, and that DATABASE_URL of query-api leads there: runnel doctor --local tries it from here',
  ],
  broker: [
    'The broker',
    'See that it runs, and that BROKER_URL (or NATS_URL) of query-api leads there: runnel doctor --local tries it from here',
  ],
  redis: [
    'Redis',
    'Runnel goes on without it, slower. See that it runs, and that REDIS_URL of query-api leads there',
  ],
}

/** What the system page of query-api shows, as findings. */
export function checkSystem(system: SystemState): readonly Finding[] {
  return [
    ...system.apps.flatMap(checkApp),
    ...system.servers.map(checkServer),
    ...system.broker.map(checkBacklog),
    checkSending(system),
    checkRetention(system),
  ]
}

function checkApp({
  name,
  url,
  status,
  failures,
  notes,
  problem: why,
  clockOffsetSeconds,
}: SystemState['apps'][number]) {
  const check = `app ${name}`
  const found: Finding[] = []
  const place = url === null ? '' : ` at ${url}`
  if (status === 'away')
    found.push(
      problem(
        check,
        `${name} does not answer${place}: ${why ?? 'no reason is known'}`,
        `Start it, or set its address for query-api; its log says why it ended`,
      ),
    )
  else if (status === 'unready') {
    const reasons = Object.entries(failures).map(([what, reason]) => `${what}: ${reason}`)
    found.push(
      problem(
        check,
        `${name} runs and is not ready: ${reasons.join('; ') || 'no reason is known'}`,
        'Mend what it names; it becomes ready by itself',
      ),
    )
  } else found.push(ok(check, `${name} is ready${place}`))
  for (const [what, text] of Object.entries(notes))
    found.push(warning(`${check} ${what}`, text, 'docs/SECURITY.md and docs/runbooks say what to do'))
  if (clockOffsetSeconds !== null && Math.abs(clockOffsetSeconds) > MAX_OFFSET_SECONDS)
    found.push(
      warning(
        `${check} clock`,
        `The clock of ${name} differs by ${clockOffsetSeconds.toFixed(1)} s from that of the database`,
        'Synchronise both with NTP',
      ),
    )
  return found
}

function checkServer({ name, status }: SystemState['servers'][number]): Finding {
  const check = `server ${name}`
  const [shown, advice] = SERVERS[name] ?? [name, 'See that it runs']
  if (status === 'ready') return ok(check, `${shown} answers query-api`)
  if (status === 'unused') return ok(check, `${shown} is not used`)
  // Slower is not broken.
  const report = name === 'redis' ? warning : problem
  return report(check, `${shown} does not answer query-api`, advice)
}

function checkBacklog({
  kind,
  streamBytes,
  streamLimitBytes,
  lagSeconds,
  streamMessages,
}: SystemState['broker'][number]): Finding {
  const check = `backlog ${kind}`
  const share = streamBytes === null || !streamLimitBytes ? 0 : streamBytes / streamLimitBytes
  if (share > FULL_SHARE)
    return problem(
      check,
      `The stream of ${kind} holds ${Math.round(share * 100)} % of the bytes that it may`,
      'Events are refused once it is full: see that consumers run and PostgreSQL has room, or start more consumers',
    )
  if (lagSeconds !== null && lagSeconds > MAX_LAG_SECONDS)
    return warning(
      check,
      `Events of ${kind} are stored ${Math.round(lagSeconds)} s late`,
      'Start more consumers, or look at the load of PostgreSQL',
    )
  return ok(check, `${formatCount(streamMessages ?? 0)} messages of ${kind} wait`)
}

function checkSending({ sending }: SystemState): Finding {
  const { breaker, stopReason, resumesAt } = sending
  if (breaker === null || breaker === 'closed') return ok('sending', 'Messages of mailings go out')
  const until = resumesAt === null ? '' : `, until ${resumesAt}`
  return warning(
    'sending',
    `Messages of mailings wait: ${stopReason ?? breaker}${until}`,
    'docs/runbooks/gateway-away.md says what to do; they go out once the gateway takes them again',
  )
}

function checkRetention({ retention, retentionDays }: SystemState): Finding {
  if (retention === null) return ok('retention', 'It is not known whether old events are removed')
  const days = retentionDays === null ? '' : ` after ${retentionDays} days`
  if (retention.notes.length === 0) return ok('retention', `Old events are removed${days}`)
  return warning('retention', retention.notes.join(' '), 'npm run retention shows and resolves it')
}
