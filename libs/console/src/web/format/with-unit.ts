import { formatBytes } from './bytes.ts'
import { formatValue } from './number.ts'

/** Longer ones are cut: they stand at every tick of an axis. */
const MAX_UNIT = 12

const BYTES = new Set(['b', 'byte', 'bytes'])
const PERCENT = new Set(['%', 'percent'])

/** Whether values are counted in bytes, whose round numbers are powers of two. */
export function isBytes(unit: string | null): boolean {
  return unit !== null && BYTES.has(unit.split('/')[0]!.toLowerCase())
}

/** A measured value with its unit: `42 ms`, `1.5 MB`, `12%`. */
export function formatWithUnit(value: number | null | undefined, unit: string | null): string {
  const text = formatValue(value)
  if (unit === null || unit === '' || text === '–') return text
  const [base, ...per] = unit.split('/')
  const name = base!.toLowerCase()
  const rest = per.length > 0 ? `/${per.join('/')}` : ''
  if (isBytes(unit)) return `${value! < 0 ? '-' : ''}${formatBytes(Math.abs(value!))}${rest}`
  if (PERCENT.has(name)) return `${text}%${rest}`
  return `${text}${unit.startsWith('/') ? '' : ' '}${unit.length > MAX_UNIT ? `${unit.slice(0, MAX_UNIT)}…` : unit}`
}
