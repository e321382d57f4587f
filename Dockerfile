# One image for the desk, the HTTP interface, the workers and the migration: the command says which, as in `docker run … ledger api`.
# Two stages: packages are installed and looked through where pip is, and run where it is not.
# The release workflow gives BASE with the digest that the tag has on that day, and writes it into the image's labels.
ARG BASE=python:3.11.15-slim-bookworm

# hadolint ignore=DL3006
FROM ${BASE} AS packages
WORKDIR /app
# kor.traineddata alone: the tesserocr wheel carries Tesseract itself.
RUN apt-get update \
    && apt-get install -y --no-install-recommends tesseract-ocr-kor=1:4.1.0-2 \
    && rm -rf /var/lib/apt/lists/*
COPY requirements.txt .
# The packages' own tests, and headers to compile against them: 140 MB that are never run here.
RUN python -m venv --without-pip .venv \
    && python -m pip --python .venv/bin/python install --no-cache-dir --disable-pip-version-check -r requirements.txt \
    && find .venv -depth -type d \( -name tests -o -path '*/pyarrow/include' \) -exec rm -rf {} +

# hadolint ignore=DL3006
FROM ${BASE}
RUN useradd --create-home --uid 10001 ledger
WORKDIR /app
COPY --from=packages /usr/share/tesseract-ocr/5/tessdata/kor.traineddata /usr/share/tesseract-ocr/5/tessdata/
COPY --from=packages /app/.venv .venv
COPY app.py deploy/healthcheck.py ./
COPY pages pages
COPY .streamlit .streamlit
COPY samples/photos samples/photos
COPY ledger ledger
# Compiled here, because the user that runs it cannot write there, and each start would compile it anew.
RUN .venv/bin/python -m compileall -q ledger pages app.py && install -d -o ledger var
# Threads that each keep what they have freed for themselves would take an eighth more memory, and more with time.
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 MALLOC_ARENA_MAX=2
USER 10001
EXPOSE 8501 8085
VOLUME /app/var
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["python", "healthcheck.py"]
ENTRYPOINT ["python", "-m", "ledger"]
CMD ["serve", "--host", "0.0.0.0"]
