/** Stands where something will be. Shown only after a moment (style), so that quick answers do not flicker. */
export function Loading({ label = 'Loading' }: { label?: string }) {
  return (
    <div class="note loading" role="status">
      <span class="spinner" aria-hidden="true" />
      {label} …
    </div>
  )
}
