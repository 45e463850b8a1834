// The little of a browser that the page uses: the rest of the repository is compiled without its types.

export interface PageBlob {
  readonly size: number;
  stream(): {
    getReader(): { read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>; cancel(): Promise<void> };
  };
  slice(from: number, to: number): PageBlob;
}

export interface PageFile extends PageBlob {
  readonly name: string;
  text(): Promise<string>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

export interface PageEvent {
  preventDefault(): void;
  dataTransfer?: { files: ArrayLike<PageFile> } | null;
}

export interface PageElement {
  textContent: string | null;
  className: string;
  hidden: boolean;
  /** Of fields and of the progress bar. */
  value: string | number;
  max?: number;
  disabled?: boolean;
  files?: ArrayLike<PageFile> | null;
  addEventListener(type: string, listener: (event: PageEvent) => void): void;
  focus(): void;
}

export interface PageDocument {
  getElementById(id: string): PageElement | null;
  addEventListener(type: string, listener: (event: PageEvent) => void): void;
}
