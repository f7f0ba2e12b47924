interface PagerProps {
  /** Links; undefined where there is no such page. */
  readonly first?: string | undefined
  readonly previous?: string | undefined
  readonly next?: string | undefined
  readonly firstLabel?: string
  readonly previousLabel?: string
  readonly nextLabel?: string
}

/** The next page is read from its beginning; one that opens in another tab leaves this one where it is. */
function toTop({ target, ctrlKey, metaKey, shiftKey }: MouseEvent): void {
  const isLink = (target as Element).closest('a') !== null
  if (isLink && !ctrlKey && !metaKey && !shiftKey) scrollTo({ top: 0 })
}

/** Ways to the pages around this one. */
export function Pager(props: PagerProps) {
  const { first, previous, next } = props
  if (!first && !previous && !next) return null
  return (
    <nav class="pager" aria-label="Pages" onClick={toTop}>
      {first && <a href={first}>{props.firstLabel ?? 'First page'}</a>}
      {previous && (
        <a href={previous} rel="prev">
          ← {props.previousLabel ?? 'Previous'}
        </a>
      )}
      {next && (
        <a href={next} rel="next" class="pager-next">
          {props.nextLabel ?? 'Next'} →
        </a>
      )}
    </nav>
  )
}
