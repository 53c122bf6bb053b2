"""`msingi key`: a new random key for security.keys or security.index_key."""

import typer

app = typer.Typer(help="Make a new secret key for security.keys or security.index_key.")


@app.command()
def key() -> None:
    """Print a new random key; keep it in a secret file, never in a profile.

    Example: msingi key > /etc/msingi/secrets/security__index_key
    """
    from msingi.keyring import generate_key

    typer.echo(generate_key())
