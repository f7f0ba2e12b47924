import { serviceColor } from './service-color.ts'

/** A service with its colour, which never stands alone. */
export function ServiceName({ name }: { name: string }) {
  return (
    <span class="service-name">
      <i aria-hidden="true" style={{ background: serviceColor(name) }} />
      {name}
    </span>
  )
}
