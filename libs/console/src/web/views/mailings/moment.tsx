import { Ago } from '../../parts/ago.tsx'
import { Time } from '../../parts/time.tsx'

/** A moment that matters now: when it is, and how far away. */
export function Moment({ at }: { at: string }) {
  return (
    <>
      <Time at={at} /> <span class="quiet">·</span> <Ago at={at} />
    </>
  )
}
