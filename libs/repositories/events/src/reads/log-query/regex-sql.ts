import { folded, type CharRange, type CharSet, type Regex } from '@runnel/contracts/log-query'

/**
 * A regular expression in PostgreSQL's notation. What PostgreSQL matches by going back and forth (references to groups, what looks
 * ahead) is not in the subset, so that it needs one pass over a text.
 *
 * @param ignoreCase for texts in lower case
 */
export function regexSql(regex: Regex, ignoreCase: boolean): string {
  const write = (part: Regex): string => {
    switch (part.kind) {
      case 'set':
        return writeSet(ignoreCase ? folded(part) : part)
      case 'start':
        return '^'
      case 'end':
        return '$'
      case 'sequence':
        return part.items.map(write).join('')
      case 'choice':
        return `(?:${part.items.map(write).join('|')})`
      case 'repeat': {
        const { item, min, max } = part
        // There is no group without anything in it.
        const text = write(item)
        return text === '' ? '' : `(?:${text}){${min},${max ?? ''}}`
      }
    }
  }
  return write(regex)
}

function writeSet({ ranges, negated }: CharSet): string {
  const [range] = ranges
  if (!negated && ranges.length === 1 && range![0] === range![1]) return escape(range![0])
  return `[${negated ? '^' : ''}${ranges.map(writeRange).join('')}]`
}

function writeRange([first, last]: CharRange): string {
  return first === last ? escape(first) : `${escape(first)}-${escape(last)}`
}

/** By its number, which has no other meaning anywhere. */
function escape(point: number): string {
  return `\\U${point.toString(16).padStart(8, '0')}`
}
