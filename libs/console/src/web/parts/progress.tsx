interface ProgressProps {
  readonly label: string
  readonly value: number
  readonly max: number
}

/** How much of something is done. */
export function Progress({ label, value, max }: ProgressProps) {
  return <progress aria-label={label} value={Math.min(value, max)} max={Math.max(max, 1)} />
}
