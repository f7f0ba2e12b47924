import { Component, createElement, type ComponentChildren, type FunctionComponent } from 'preact'

/** A component that draws again only when one of its properties is another. */
export function memo<P extends object>(Inner: FunctionComponent<P>): FunctionComponent<P> {
  class Memo extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      const [before, after] = [this.props as Record<string, unknown>, next as Record<string, unknown>]
      return Object.keys({ ...before, ...after }).some((name) => before[name] !== after[name])
    }

    override render(): ComponentChildren {
      return createElement(Inner, this.props as P)
    }
  }
  return Memo as unknown as FunctionComponent<P>
}
