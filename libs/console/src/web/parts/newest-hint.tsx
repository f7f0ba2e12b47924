import { spanAround } from '../data/time-range.ts'
import type { RangeControls } from '../data/use-range.ts'
import { Ago } from './ago.tsx'
import { Time } from './time.tsx'

interface NewestHintProps {
  /** What there is one of, e.g. `entry`. */
  readonly what: string
  /** When the newest one outside the range occurred; undefined or null where none is known. */
  readonly at: string | null | undefined
  readonly times: Pick<RangeControls, 'range' | 'onFixed'>
}

/** For an empty result: how old the newest one is, and a click to there. */
export function NewestHint({ what, at, times }: NewestHintProps) {
  if (!at) return <>Try a longer range.</>
  const { fromMs, toMs } = spanAround(times.range, Date.parse(at), Date.now())
  return (
    <>
      The newest {what} is from <Time at={at} /> (<Ago at={at} />
      ).{' '}
      <button type="button" class="link" onClick={() => times.onFixed(fromMs, toMs)}>
        Go to the newest {what}
      </button>
    </>
  )
}
