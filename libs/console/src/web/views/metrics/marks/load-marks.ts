import { getLogs } from '../../../api/logs.ts'
import { listMailings } from '../../../api/mailings.ts'
import type { MarkKind } from './mark-choice.ts'
import { deployMark, DEPLOY_QUERY, mailingMark, sortMarks, type Mark, type Marks } from './to-marks.ts'

/** Marks of a kind that a chart has room for; the newest. */
const MAX_MARKS = 50
/** Answers in part that a search for deployments goes on from. */
const MAX_PARTS = 8

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

/** Finds what happened in a stretch of time. */
export async function loadMarks(
  kinds: readonly MarkKind[],
  bounds: Bounds,
  signal: AbortSignal,
): Promise<Marks> {
  const found = await Promise.all(
    kinds.map(async (kind) => ({ kind, ...(await LOADERS[kind](bounds, signal)) })),
  )
  const marks = sortMarks(found.flatMap((one) => one.marks))
  const incomplete = found.flatMap(({ kind, fromMs }) => (fromMs === undefined ? [] : { kind, fromMs }))
  return { marks, incomplete }
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
