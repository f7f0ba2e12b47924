/** Text as a machine wrote it. Scrolls by itself, hence the tab stop. */
export function Code({ text, label }: { text: string; label: string }) {
  return (
    <pre class="code" tabIndex={0} role="region" aria-label={label}>
      {text}
    </pre>
  )
}
