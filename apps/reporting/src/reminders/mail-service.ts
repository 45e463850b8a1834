/** Whether the installation has a mail server: whoever configures addresses is told. */
export class MailService {
  constructor(readonly isConfigured: boolean) {}
}
