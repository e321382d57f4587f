# Two stages: packages are installed where compilers may be, and run where they are not.
FROM python:3.11-slim AS packages
WORKDIR /app
COPY requirements.txt .
RUN python -m venv /app/.venv && /app/.venv/bin/pip install --no-cache-dir -r requirements.txt

FROM python:3.11-slim
# kor: Hangul for the offline engine. ca-certificates: the model's service and S3 are reached over TLS.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates tesseract-ocr-kor \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --create-home --uid 10001 ledger
WORKDIR /app
COPY --from=packages /app/.venv .venv
COPY app.py ./
COPY pages pages
COPY ledger ledger
COPY samples samples
COPY .streamlit .streamlit
RUN mkdir var && chown ledger var
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001
EXPOSE 8501
VOLUME /app/var
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
# The schema is brought up to date first; that does nothing where it is already.
CMD ["sh", "-c", "python -m ledger migrate && exec python -m ledger serve --host 0.0.0.0 --port 8501"]
