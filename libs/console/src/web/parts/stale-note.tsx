/** Says that what is shown comes from a cache whose source is unreachable. */
export function StaleNote() {
  return (
    <p class="stale-note" role="status">
      <strong>Stale.</strong> The database is unreachable; this is the last known state.
    </p>
  )
}
