import { Component, type ComponentChildren } from 'preact'
import { Empty } from './parts/empty.tsx'

interface CrashBoundaryProps {
  /** Another path is another try. */
  readonly path: string
  readonly children: ComponentChildren
}

interface CrashBoundaryState {
  readonly error?: Error | undefined
}

/** Keeps a defect of one view from taking the whole console away. */
export class CrashBoundary extends Component<CrashBoundaryProps, CrashBoundaryState> {
  static override getDerivedStateFromError(error: Error): CrashBoundaryState {
    return { error }
  }

  override componentDidUpdate(before: CrashBoundaryProps): void {
    if (before.path !== this.props.path && this.state.error) this.setState({ error: undefined })
  }

  override render() {
    const { error } = this.state
    if (error === undefined) return this.props.children
    return (
      <div role="alert">
        <Empty title="This view could not be shown.">
          {error.message}{' '}
          <button type="button" onClick={() => location.reload()}>
            Load again
          </button>
        </Empty>
      </div>
    )
  }
}
