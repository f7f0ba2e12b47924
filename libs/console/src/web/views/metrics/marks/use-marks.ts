import { getLogs } from '../../../api/logs.ts'
import { listMailings } from '../../../api/mailings.ts'
import { boundsOf, type TimeRange } from '../../../data/time-range.ts'
import { useResource, type Resource } from '../../../data/use-resource.ts'
import type { MarkKind } from './mark-choice.ts'
import { deployMark, DEPLOY_QUERY, mailingMark, sortMarks, type Mark } from './to-marks.ts'

/** Marks of a kind that a chart has room for; the newest. */
const MAX_MARKS = 50
/** Answers in part that a search for deployments goes on from. */
const MAX_PARTS = 8

export const NO_MARKS: readonly Mark[] = []

export interface Marks {
  readonly marks: readonly Mark[]
  /** Some are left out: marks of a kind reach back to here, in milliseconds since 1970. */
  readonly incomplete: readonly { readonly kind: MarkKind; readonly fromMs: number }[]
}

interface Found {
  readonly marks: readonly Mark[]
  /** Undefined where all were found. */
  readonly fromMs?: number | undefined
}

interface Bounds {
  readonly fromMs: number
  readonly toMs: number
}

const LOADERS: Readonly<Record<MarkKind, (bounds: Bounds, signal: AbortSignal) => Promise<Found>>> = {
  mailings: loadMailings,
  deploys: loadDeploys,
}

/** What happened in a stretch of time; one read for all charts of a page. */
export function useMarks(
  kinds: readonly MarkKind[],
  range: TimeRange,
  refreshMs: number | undefined,
): Resource<Marks> {
  const key = kinds.length === 0 ? undefined : JSON.stringify([kinds, range])
  const load = async (signal: AbortSignal) => {
    const bounds = boundsOf(range, Date.now())
    const found = await Promise.all(
      kinds.map(async (kind) => ({ kind, ...(await LOADERS[kind](bounds, signal)) })),
    )
    const marks = sortMarks(found.flatMap((one) => one.marks))
    const incomplete = found.flatMap(({ kind, fromMs }) => (fromMs === undefined ? [] : { kind, fromMs }))
    return { data: { marks, incomplete }, stale: false }
  }
  return useResource(key, load, { refreshMs })
}

async function loadMailings({ fromMs, toMs }: Bounds, signal: AbortSignal): Promise<Found> {
  const { data } = await listMailings(
    {
      activeFrom: new Date(fromMs).toISOString(),
      activeTo: new Date(toMs).toISOString(),
      limit: MAX_MARKS,
    },
    signal,
  )
  const marks = data.items.flatMap((mailing) => mailingMark(mailing, toMs))
  return { marks, ...(data.nextCursor !== null && { fromMs: Math.min(...marks.map(({ atMs }) => atMs)) }) }
}

async function loadDeploys({ fromMs, toMs }: Bounds, signal: AbortSignal): Promise<Found> {
  const marks: Mark[] = []
  const params = {
    query: DEPLOY_QUERY,
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    limit: MAX_MARKS,
  }
  let cursor: string | undefined
  for (let parts = 1; ; parts++) {
    const { items, nextCursor, searchedTo } = (await getLogs({ ...params, cursor }, signal)).data
    marks.push(...items.map(deployMark))
    if (nextCursor === null) return { marks }
    if (parts === MAX_PARTS || marks.length >= MAX_MARKS) {
      const reached = searchedTo ? Date.parse(searchedTo) : Math.min(...marks.map(({ atMs }) => atMs))
      return { marks: marks.slice(0, MAX_MARKS), fromMs: reached }
    }
    cursor = nextCursor
  }
}
