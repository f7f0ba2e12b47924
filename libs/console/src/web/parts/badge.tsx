import type { ComponentChildren } from 'preact'

export type Tone = 'neutral' | 'info' | 'good' | 'warn' | 'bad'

/** A state as a word with a colour; the colour never stands alone. */
export function Badge({ tone = 'neutral', children }: { tone?: Tone; children: ComponentChildren }) {
  return (
    <span class="badge" data-tone={tone}>
      {children}
    </span>
  )
}
